#include <set>
#include <unordered_set>

#include "measures/library.h"

namespace catchment::measures {

namespace {

std::string without_point(std::string_view code) {
  std::string plain;
  for (const char c : code)
    if (c != '.') plain += c;
  return plain;
}

constexpr std::string_view icd10_uri = "http://hl7.org/fhir/sid/icd-10";

/// One codelist, ready for questions: exact codes in a hash, prefixes tried one by one.
class CodelistSet final : public cql::CodeSet {
 public:
  explicit CodelistSet(const terminology::Codelist& list) {
    for (const terminology::CodelistEntry& entry : list.entries) {
      const std::string uri(terminology::system_uri(entry.system));
      const std::string code = uri == icd10_uri ? without_point(entry.code) : entry.code;
      exact_.insert(std::string(uri).append("|").append(code));
      any_.insert(code);
      if (entry.match == terminology::Match::prefix) prefixes_.emplace_back(uri, code);
      members_.push_back({uri, entry.code, entry.display, entry.match});
    }
  }

  bool contains(std::string_view code, std::string_view system) const override {
    const std::string plain = system == icd10_uri ? without_point(code) : std::string(code);
    if (exact_.contains(std::string(system) + "|" + plain)) return true;
    for (const auto& [uri, prefix] : prefixes_)
      if (uri == system && plain.starts_with(prefix)) return true;
    return false;
  }

  bool contains(std::string_view code) const override {
    const std::string plain = without_point(code);
    if (any_.contains(std::string(code)) || any_.contains(plain)) return true;
    for (const auto& [uri, prefix] : prefixes_)
      if (plain.starts_with(prefix)) return true;
    return false;
  }

  std::vector<cql::Value> codes() const override {
    std::vector<cql::Value> all;
    all.reserve(members_.size());
    for (const terminology::CodelistEntry& member : members_) all.push_back(cql::Value::code(member.code, member.system, {}, member.display));
    return all;
  }

 private:
  std::unordered_set<std::string> exact_, any_;
  std::vector<std::pair<std::string, std::string>> prefixes_;  // system, beginning
  std::vector<terminology::CodelistEntry> members_;            // with the system's address
};

}  // namespace

CodelistSets::CodelistSets(const terminology::Codelists& codelists) {
  for (const terminology::Codelist& list : codelists.lists) sets_.emplace("codelist:" + list.id, std::make_unique<CodelistSet>(list));
}

CodelistSets::~CodelistSets() = default;

const cql::CodeSet* CodelistSets::value_set(const std::string& url, const std::string&) const {
  const auto at = sets_.find(url);
  return at == sets_.end() ? nullptr : at->second.get();
}

std::string codelist_lock(const MeasureLibrary& library) {
  std::set<std::pair<std::string, CodelistUse>> rows;
  for (const LibraryMeasure& measure : library.measures)
    for (const CodelistUse& use : measure.codelists) rows.emplace(measure.library, use);
  std::string text = "library,codelist,version,hash\n";
  for (const auto& [name, use] : rows) text += name + "," + use.id + "," + use.version + "," + use.hash + "\n";
  return text;
}

}  // namespace catchment::measures
