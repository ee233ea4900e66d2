// Value sets as CQL asks them: is this code a member?
// In: FHIR ValueSet JSON (expansion preferred, else compose of enumerated codes and of other value sets), bundles
// of them, CSV codelists; several files may page one value set. Out: sets of codes by URL and version. Always: a
// value set nobody gave is absent, never empty; reading never throws.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/diagnostic.h"
#include "cql/cql.h"

namespace catchment::terminology {

class CodeMembers final : public cql::CodeSet {
 public:
  void add(std::string_view code, std::string_view system, std::string_view display = {});
  void remove(std::string_view code, std::string_view system);
  bool contains(std::string_view code, std::string_view system) const override;
  bool contains(std::string_view code) const override;
  std::vector<cql::Value> codes() const override;
  std::size_t size() const { return members_.size(); }
  void add_all(const CodeMembers& other);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Set = std::unordered_set<std::string, Hash, std::equal_to<>>;
  std::map<std::string, std::string> members_;        // "system|code" to display, in a fixed order
  std::map<std::string, Set, std::less<>> by_system_; // a code with any system is under ""
  Set codes_;
};

class ValueSetStore final : public cql::ValueSets {
 public:
  void add_json(const std::string& bytes, const std::string& file, Diagnostics& diagnostics);
  /// Columns code and, where given, system, display and value_set (or url); without the last the file's stem names it.
  void add_csv(const std::string& bytes, const std::string& file, Diagnostics& diagnostics);
  /// Settles value sets that are made of others. Call once, after the last file.
  void finish(Diagnostics& diagnostics);
  /// Version "" gives the newest; a version that is not there gives null unless only one version is.
  const cql::CodeSet* value_set(const std::string& url, const std::string& version) const override;
  std::size_t size() const { return sets_.size(); }
  std::vector<std::string> urls() const;

 private:
  struct Set {
    CodeMembers expansion;
    CodeMembers compose;
    bool has_expansion = false;
    std::vector<std::string> includes;   // other value sets
    CodeMembers excluded;
    bool has_filter = false;
    std::string file;
    int settled = 0;
  };
  struct Reader;
  void settle(Set& set, int depth);

  std::map<std::string, std::map<std::string, Set>> sets_;   // by URL, then version
  std::map<std::string, std::string> aliases_;               // identifier or id to URL
};

}  // namespace catchment::terminology
