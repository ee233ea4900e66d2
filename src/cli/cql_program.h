// What the commands over CQL libraries share: reading libraries, models and value sets, checking, parameters.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "fhir/fhir.h"
#include "terminology/terminology.h"

namespace catchment::cli {

struct ProgramOptions {
  std::string main;                     // NAME, NAME|VERSION or a .cql file
  std::vector<std::string> libraries;   // folders or files
  std::vector<std::string> models;
};

/// Reads and checks the main library; prints every diagnostic to stderr. Null when there are errors.
std::unique_ptr<cql::Program> load_program(const ProgramOptions& options);

struct DataOptions {
  std::string data;
  std::vector<std::string> value_sets;
  std::string period;                   // START..END
  std::vector<std::string> parameters;  // NAME=EXPRESSION
  std::string at;
  bool allow_missing_value_sets = false;
};

/// Value sets of files and folders; with `allow_missing`, one that is not there is empty.
class RequestValueSets final : public cql::ValueSets {
 public:
  void read(const std::vector<std::string>& paths);
  void allow_missing() { allow_missing_ = true; }
  const cql::CodeSet* value_set(const std::string& url, const std::string& version) const override;
  bool has(const std::string& url, const std::string& version) const { return store_.value_set(url, version) != nullptr; }

 private:
  terminology::ValueSetStore store_;
  terminology::CodeMembers none_;
  bool allow_missing_ = false;
};

/// The request's time, parameters and terminology. Throws Error (user) for a parameter that is not there or has a
/// fault, and for value sets that are asked for and not given: by the whole program, or by these definitions and
/// functions of the main library where there are any; others that are missing are then a warning.
cql::Request make_request(const cql::Program& program, const DataOptions& options, RequestValueSets& value_sets, const std::set<std::string>& asked = {});

/// Reads the resources that the plan's retrieves can find, and prints what was wrong with the files.
std::vector<std::unique_ptr<fhir::Subject>> load_subjects(const std::string& path, const cql::Plan& plan, const cql::Request& request);

/// Prints diagnostics to stderr; at most fifty.
void print_diagnostics(const Diagnostics& diagnostics);

}  // namespace catchment::cli
