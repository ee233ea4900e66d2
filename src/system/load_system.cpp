#include <algorithm>

#include "system/loading.h"

namespace catchment::system {

void load_settings(Loading& loading) {
  const std::string file = "system.toml";
  const std::optional<TomlValue> root = read_toml(loading.definitions, file);
  if (!root) return;
  System& system = loading.system;
  TomlTable top(loading.definitions, file, *root);
  system.id = top.text("id");
  system.name = top.text("name");
  system.short_name = top.text("short_name");
  system.title = top.text("title");
  system.zone = top.text("zone");
  system.board = top.text("board");
  if (!system.board.empty() && loading.organisations.complete && !loading.organisations.contains(system.board)) {
    top.error("board", "there is no '" + system.board + "' in organisations.csv", "write the id of the care board's row");
  }
  system.synthetic = top.yes_no("synthetic", false);
  system.represented_population = top.integer("represented_population", 1, 2'000'000'000);
  const std::optional<Date> as_of = top.date("as_of");
  if (as_of) {
    system.as_of = *as_of;
  } else if (!top.has("as_of")) {
    top.error("as_of", "'as_of' is missing", "add the demonstration date: as_of = 2026-03-31");
  }
  system.deprivation_version = top.text("deprivation_version");
  for (TomlTable& table : top.tables("deprivation")) {
    DeprivationIndex index{table.text("version"), table.text("title"), table.text("geography")};
    for (const DeprivationIndex& before : system.deprivation_indices) {
      if (before.version == index.version) table.error("version", "this version is there twice", "keep one of them");
    }
    system.deprivation_indices.push_back(std::move(index));
    table.finish();
  }
  std::vector<std::string> versions;
  versions.reserve(system.deprivation_indices.size());
  for (const DeprivationIndex& index : system.deprivation_indices) versions.push_back(index.version);
  if (!system.deprivation_version.empty() && std::find(versions.begin(), versions.end(), system.deprivation_version) == versions.end()) {
    const std::string near = nearest(system.deprivation_version, versions);
    top.error("deprivation_version", "no [[deprivation]] has this version", near.empty() ? "add a [[deprivation]] table" : "did you mean \"" + near + "\"?");
  }
  top.finish();
}

LoadedSystem load_system(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) {
    LoadedSystem loaded;
    loaded.diagnostics.push_back(
        {folder.generic_string(), 0, 0, Severity::error, "there is no such folder", "name the folder that holds system.toml with --system"});
    return loaded;
  }
  return load_system(Definitions(folder));
}

LoadedSystem load_system(Definitions definitions) {
  LoadedSystem loaded;
  loaded.system.folder = definitions.folder();
  Loading loading{definitions, loaded.system, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  load_organisations(loading);
  load_settings(loading);
  load_geography(loading);
  load_practices(loading);
  load_published(loading);
  load_bodies(loading);
  load_strategy(loading);
  load_services(loading);
  load_promises(loading);
  loaded.diagnostics = std::move(definitions.diagnostics());
  return loaded;
}

}  // namespace catchment::system
