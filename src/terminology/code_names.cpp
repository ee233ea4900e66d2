#include "terminology/code_names.h"

#include <algorithm>
#include <map>

namespace catchment::terminology {

namespace {

std::string without_point(std::string code) {
  std::erase(code, '.');
  return code;
}

std::string uri_of(const std::string& system) {
  const std::string_view uri = system_uri(system);
  return uri.empty() ? system : std::string(uri);
}

}  // namespace

LoadedCodeNames load_code_names(const std::filesystem::path& system_folder, const Codelists& codelists) {
  return load_code_names(system::Definitions(system_folder), codelists);
}

LoadedCodeNames load_code_names(system::Definitions definitions, const Codelists& codelists) {
  LoadedCodeNames loaded;
  std::map<std::pair<std::string, std::string>, std::string> names;
  if (const std::string file = "code_names.csv"; definitions.has(file)) {
    system::Table table(definitions, file, {{"system", "code", "name"}, {}});
    for (system::Row row : table) {
      const std::string code = row.text("code");
      if (!names.emplace(std::pair(uri_of(row.text("system")), without_point(code)), row.text("name")).second)
        row.error("code", "this code is named twice", "remove one of the rows");
    }
  }
  for (const Codelist& list : codelists.lists)
    for (const CodelistEntry& entry : list.entries)
      if (!entry.display.empty()) names.emplace(std::pair(uri_of(entry.system), without_point(entry.code)), entry.display);
  for (auto& [key, name] : names) loaded.names.push_back({key.first, key.second, std::move(name)});
  loaded.diagnostics = std::move(definitions.diagnostics());
  return loaded;
}

}  // namespace catchment::terminology
