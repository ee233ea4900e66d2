#include "build/definition_folder.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "base/error.h"
#include "base/hash.h"

namespace catchment::build {
namespace {

std::vector<records::FileHash> hash_folder(const std::filesystem::path& folder) {
  std::vector<records::FileHash> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    files.push_back({std::filesystem::relative(entry.path(), folder).generic_string(), to_hex(sha256(bytes))});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

void add_organisations(const system::System& system, records::Reference& reference) {
  std::map<std::string, records::OrganisationEntry> by_code;  // a code used again: its latest holder
  for (const system::Organisation& organisation : system.organisations)
    if (!organisation.code.empty()) by_code[organisation.code] = {organisation.code, organisation.name, std::string(to_string(organisation.kind))};
  for (const system::Practice& practice : system.practices) by_code[practice.code] = {practice.code, practice.name, "practice"};
  for (auto& [code, organisation] : by_code) reference.organisations.push_back(std::move(organisation));
}

void add_ethnicities(const terminology::Ethnicity& ethnicity, records::Reference& reference) {
  // Census categories that share a code are told apart by nobody: the last listed, the widest, gives the label.
  std::map<std::string, records::Reference::Ethnicity> by_code;
  for (const terminology::EthnicCategory& category : ethnicity.categories) by_code[category.nhs_code] = {category.nhs_code, category.display, category.group};
  for (const auto& [code, display] : ethnicity.not_known) by_code[code] = {code, display, "unknown"};
  for (auto& [code, entry] : by_code) reference.ethnicities.push_back(std::move(entry));
}

records::Reference reference_of(const system::System& system, const terminology::Ethnicity& ethnicity) {
  records::Reference reference;
  for (const system::Place& place : system.places) reference.places.push_back({place.id, place.name});
  for (const system::SmallArea& area : system.small_areas) {
    records::Reference::Area& added = reference.areas.emplace_back();
    added.code = area.code;
    added.name = area.name;
    const system::Neighbourhood* neighbourhood = system::find_neighbourhood(system, area.neighbourhood);
    added.neighbourhood = neighbourhood != nullptr ? neighbourhood->name : "";
    added.place = area.place;
    added.deprivation_fifth = system::deprivation_fifth(system, area, system.deprivation_version);
    for (const system::DeprivationIndex& index : system.deprivation_indices)
      added.deciles.emplace_back(index.version, system::deprivation_decile(system, area, index.version));
  }
  for (const system::Postcode& postcode : system.postcodes) reference.postcodes.push_back({postcode.postcode, postcode.small_area});
  add_organisations(system, reference);
  add_ethnicities(ethnicity, reference);
  return reference;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

// How identities are compared, and the nicknames beside it.
std::optional<linkage::Model> load_linkage_model(const std::filesystem::path& folder, ModelTexts& texts, Diagnostics& faults) {
  const std::filesystem::path file = folder / "linkage" / "model.toml";
  if (!std::filesystem::exists(file)) return {};
  texts.model = bytes_of(file);
  linkage::ModelDefinition read = linkage::read_model(*texts.model, file.string(), faults);
  const std::filesystem::path nicknames = file.parent_path() / (read.nicknames.empty() ? "nicknames.csv" : read.nicknames);
  if (std::filesystem::exists(nicknames)) texts.nicknames = bytes_of(nicknames);
  if (texts.nicknames) read.model.nicknames = std::make_shared<const linkage::Nicknames>(linkage::Nicknames::read(*texts.nicknames));
  else if (!read.nicknames.empty())
    faults.push_back({file.string(), 0, 0, Severity::error, "nicknames names " + read.nicknames + ", which is not there", "put the list beside the model"});
  return std::move(read.model);
}

}  // namespace

std::string hash_of(const std::vector<records::FileHash>& files) {
  Sha256 hash;
  for (const records::FileHash& file : files) hash.add(file.path + '\0' + file.sha256 + '\n');
  return to_hex(hash.finish());
}

DefinitionFolder load_definition_folder(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder))
    throw Error(ErrorKind::user, "there is no definition folder " + folder.string(), "name it: catchment build --workspace DIR --system system/blmk");
  DefinitionFolder loaded;
  system::LoadedSystem system = system::load_system(folder);
  terminology::LoadedCodelists codelists = terminology::load_codelists(folder);
  terminology::LoadedEthnicity ethnicity = terminology::load_ethnicity(folder);
  terminology::LoadedCodeNames code_names = terminology::load_code_names(folder, codelists.codelists);
  Diagnostics all = std::move(system.diagnostics);
  all.insert(all.end(), code_names.diagnostics.begin(), code_names.diagnostics.end());
  all.insert(all.end(), codelists.diagnostics.begin(), codelists.diagnostics.end());
  all.insert(all.end(), ethnicity.diagnostics.begin(), ethnicity.diagnostics.end());
  loaded.feeds = intake::load_feeds(folder, all);
  loaded.linkage_model = load_linkage_model(folder, loaded.linkage_texts, all);
  if (has_errors(all)) {
    std::string message = "the definition folder has faults";
    for (const Diagnostic& diagnostic : all)
      if (diagnostic.severity == Severity::error) message += "\n" + to_string(diagnostic);
    throw Error(ErrorKind::user, message, "correct them, then: catchment check system --system " + folder.string());
  }
  loaded.reference = reference_of(system.system, ethnicity.ethnicity);
  for (const intake::Feed& feed : loaded.feeds.feeds)
    if (!feed.opt_out.empty()) loaded.reference.opt_outs.push_back({feed.name, feed.opt_out});
  for (terminology::CodeName& name : code_names.names)
    loaded.reference.code_names.push_back({std::move(name.system), std::move(name.code), std::move(name.name)});
  loaded.system = std::move(system.system);
  loaded.codelists = std::move(codelists.codelists);
  loaded.files = hash_folder(folder);
  loaded.hash = hash_of(loaded.files);
  return loaded;
}

}  // namespace catchment::build
