// Reading of one feed definition: shared by the files that read its parts. Internal to intake.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/toml_library.h"
#include "intake/closed_list.h"
#include "intake/feed.h"

namespace catchment::intake {

/// What is being read, and where faults go.
struct FeedReader {
  Feed& feed;
  const std::string& file;
  Diagnostics& diagnostics;
  std::map<std::string, std::vector<int>> families;  // "DIAG_4_{01..20}" -> members

  void error(const toml::node& at, std::string message, std::string fix = {});
  void warning(const toml::node& at, std::string message, std::string fix = {});
  /// Reports keys of a table that nothing reads, with the nearest known one.
  void only(const toml::table& table, std::initializer_list<const char*> known);
  std::string text(const toml::table& table, const char* key, std::string otherwise = {});
  double number(const toml::table& table, const char* key, double otherwise);
  bool flag(const toml::table& table, const char* key, bool otherwise);
  /// A text or a list of texts.
  std::vector<std::string> texts(const toml::table& table, const char* key);
  /// The index of a column, or -1 and a diagnostic.
  int column(const toml::node& at, const std::string& name);

  void read_columns(const toml::table& root);
  void read_identity(const toml::table& root);
  void read_records(const toml::table& root);
  void read_checks(const toml::table& root);
  void read_maps(const toml::table& root);

 private:
  void read_column(const toml::table& table);
  void read_record(const toml::table& table);
  void read_fields(const toml::table& fields, RecordRule& rule);
  Expression expression(const toml::node& node);
  Expression table_expression(const toml::table& table);
  void check_word(const toml::node& at, const Expression& expression, std::string_view allowed);
};

/// "A_{01..03}" -> A_01 A_02 A_03; the name itself when it is not a family; empty when it cannot be read.
std::vector<std::string> family_members(const std::string& name);

}  // namespace catchment::intake
