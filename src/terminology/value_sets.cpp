#include "terminology/value_sets.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/csv.h"
#include "json/json.h"

namespace catchment::terminology {

namespace {
constexpr int max_depth = 16;

std::string key_of(std::string_view code, std::string_view system) { return std::string(system) + "|" + std::string(code); }
}  // namespace

void CodeMembers::add(std::string_view code, std::string_view system, std::string_view display) {
  if (code.empty()) return;
  members_.try_emplace(key_of(code, system), display);
  by_system_[std::string(system)].emplace(code);
  codes_.emplace(code);
}

void CodeMembers::remove(std::string_view code, std::string_view system) {
  members_.erase(key_of(code, system));
  if (const auto found = by_system_.find(system); found != by_system_.end()) {
    if (const auto entry = found->second.find(code); entry != found->second.end()) found->second.erase(entry);
  }
  const bool elsewhere = std::any_of(by_system_.begin(), by_system_.end(), [code](const auto& s) { return s.second.find(code) != s.second.end(); });
  if (!elsewhere) {
    if (const auto entry = codes_.find(code); entry != codes_.end()) codes_.erase(entry);
  }
}

bool CodeMembers::contains(std::string_view code, std::string_view system) const {
  if (const auto found = by_system_.find(system); found != by_system_.end() && found->second.find(code) != found->second.end()) return true;
  if (system.empty()) return false;
  const auto any = by_system_.find(std::string_view{});
  return any != by_system_.end() && any->second.find(code) != any->second.end();
}

bool CodeMembers::contains(std::string_view code) const { return codes_.find(code) != codes_.end(); }

std::vector<cql::Value> CodeMembers::codes() const {
  std::vector<cql::Value> result;
  for (const auto& [key, display] : members_) {
    const std::size_t bar = key.find('|');
    result.push_back(cql::Value::code(key.substr(bar + 1), key.substr(0, bar), {}, display));
  }
  return result;
}

void CodeMembers::add_all(const CodeMembers& other) {
  for (const auto& [key, display] : other.members_) {
    const std::size_t bar = key.find('|');
    add(std::string_view(key).substr(bar + 1), std::string_view(key).substr(0, bar), display);
  }
}

struct ValueSetStore::Reader {
  static void contains(json::Value list, CodeMembers& out, int depth) {
    if (depth > max_depth) return;
    for (const json::Value item : list) {
      if (!item["abstract"].boolean()) out.add(item["code"].string(), item["system"].string(), item["display"].string());
      contains(item["contains"], out, depth + 1);
    }
  }

  static void compose(json::Value compose, Set& set) {
    for (const json::Value include : compose["include"]) {
      const std::string_view system = include["system"].string();
      for (const json::Value entry : include["concept"]) set.compose.add(entry["code"].string(), system, entry["display"].string());
      for (const json::Value other : include["valueSet"]) set.includes.emplace_back(other.string());
      const bool enumerated = include.has("concept") || include.has("valueSet");
      if (include.has("filter") || !enumerated) set.has_filter = true;
    }
    for (const json::Value exclude : compose["exclude"]) {
      for (const json::Value entry : exclude["concept"]) set.excluded.add(entry["code"].string(), exclude["system"].string());
    }
  }

  static void resource(ValueSetStore& store, json::Value resource, const std::string& file, int depth) {
    const std::string_view type = resource["resourceType"].string();
    if (type == "Bundle" && depth < max_depth) {
      for (const json::Value entry : resource["entry"]) Reader::resource(store, entry["resource"], file, depth + 1);
      return;
    }
    if (type != "ValueSet") return;
    std::string url(resource["url"].string());
    const std::string id(resource["id"].string());
    if (url.empty()) url = id;
    if (url.empty()) return;
    Set& set = store.sets_[url][std::string(resource["version"].string())];
    set.file = file;
    if (resource.has("expansion")) {
      set.has_expansion = true;
      contains(resource["expansion"]["contains"], set.expansion, 0);
    }
    compose(resource["compose"], set);
    if (!id.empty()) store.aliases_.try_emplace(id, url);
    for (const json::Value identifier : resource["identifier"]) store.aliases_.try_emplace(std::string(identifier["value"].string()), url);
  }
};

void ValueSetStore::add_json(const std::string& bytes, const std::string& file, Diagnostics& diagnostics) {
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(bytes, fault);
  if (!document) {
    diagnostics.push_back({file, 0, 0, Severity::error, fmt::format("not JSON at byte {}: {}", fault.offset, fault.message), "export the value set again"});
    return;
  }
  Reader::resource(*this, document->root(), file, 0);
}

void ValueSetStore::add_csv(const std::string& bytes, const std::string& file, Diagnostics& diagnostics) {
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(bytes, faults);
  for (const CsvFault& fault : faults) diagnostics.push_back({file, fault.line, 0, Severity::error, fault.message, "correct the row"});
  const int code = table.column("code");
  const int system = table.column("system");
  const int display = table.column("display") >= 0 ? table.column("display") : table.column("term");
  int name = -1;
  for (const char* column : {"value_set", "valueset", "url"}) {
    if (name < 0) name = table.column(column);
  }
  const int version = table.column("version");
  if (code < 0) {
    diagnostics.push_back({file, 1, 0, Severity::error, "the codelist has no column 'code'", "name the columns: code,system,display"});
    return;
  }
  std::string stem = file.substr(file.find_last_of("/\\") + 1);
  stem = stem.substr(0, stem.rfind('.'));
  for (const auto& row : table.rows) {
    auto cell = [&row](int column) { return column < 0 ? std::string() : row[static_cast<std::size_t>(column)]; };
    const std::string url = name < 0 ? stem : cell(name);
    Set& set = sets_[url][cell(version)];
    set.has_expansion = true;
    set.file = file;
    set.expansion.add(cell(code), cell(system), cell(display));
  }
}

void ValueSetStore::settle(Set& set, int depth) {
  if (set.settled != 0) return;
  set.settled = 1;  // under way: a circle adds nothing
  if (!set.has_expansion) {
    set.expansion.add_all(set.compose);
    for (const std::string& reference : set.includes) {
      const std::size_t bar = reference.find('|');
      const auto found = sets_.find(reference.substr(0, bar));
      if (found == sets_.end() || depth > max_depth) continue;
      for (auto& [version, other] : found->second) {
        if (bar != std::string::npos && version != reference.substr(bar + 1)) continue;
        settle(other, depth + 1);
        set.expansion.add_all(other.expansion);
      }
    }
    for (const cql::Value& code : set.excluded.codes()) set.expansion.remove(code.as_code().code, code.as_code().system);
  }
  set.settled = 2;
}

void ValueSetStore::finish(Diagnostics& diagnostics) {
  for (auto& [url, versions] : sets_) {
    for (auto& [version, set] : versions) {
      settle(set, 0);
      if (!set.has_expansion && set.has_filter) {
        diagnostics.push_back({set.file, 0, 0, Severity::warning,
                               fmt::format("the value set {} is made by filters and has no expansion: only its enumerated codes are known", url),
                               "give the file with its expansion"});
      }
    }
  }
}

const cql::CodeSet* ValueSetStore::value_set(const std::string& url, const std::string& version) const {
  if (const std::size_t bar = url.find('|'); bar != std::string::npos && version.empty()) return value_set(url.substr(0, bar), url.substr(bar + 1));
  auto found = sets_.find(url);
  if (found == sets_.end()) {
    std::string key = url;
    if (key.starts_with("urn:oid:")) key.erase(0, 8);
    auto alias = aliases_.find(key);
    if (alias == aliases_.end()) alias = aliases_.find(url.substr(url.rfind('/') + 1));
    if (alias == aliases_.end()) alias = aliases_.find("urn:oid:" + key);
    if (alias != aliases_.end()) found = sets_.find(alias->second);
    if (found == sets_.end()) found = sets_.find(url.substr(url.rfind('/') + 1));
  }
  if (found == sets_.end()) return nullptr;
  const auto& versions = found->second;
  if (!version.empty()) {
    if (const auto exact = versions.find(version); exact != versions.end()) return &exact->second.expansion;
    return versions.size() == 1 ? &versions.begin()->second.expansion : nullptr;
  }
  return &versions.rbegin()->second.expansion;
}

std::vector<std::string> ValueSetStore::urls() const {
  std::vector<std::string> result;
  result.reserve(sets_.size());
  for (const auto& [url, versions] : sets_) result.push_back(url);
  return result;
}

}  // namespace catchment::terminology
