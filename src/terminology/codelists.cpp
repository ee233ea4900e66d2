#include "terminology/codelists.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "base/snomed.h"

namespace catchment::terminology {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> code_systems = {{
    {"snomed", "http://snomed.info/sct"},
    {"icd10", "http://hl7.org/fhir/sid/icd-10"},
    {"loinc", "http://loinc.org"},
    {"cvx", "http://hl7.org/fhir/sid/cvx"},
    {"nhs_ethnicity", "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory"},
    {"dmd", "https://dmd.nhs.uk"},
    {"bnf", "https://fhir.nhs.uk/CodeSystem/BNF"},
    {"opcs4", "https://fhir.hl7.org.uk/CodeSystem/OPCS-4"},
    {"read2", "http://read.info/readv2"},
    {"ctv3", "http://read.info/ctv3"},
    {"local", "urn:catchment:local"},
}};

std::string without_point(std::string_view code) {
  std::string out(code);
  out.erase(std::remove(out.begin(), out.end(), '.'), out.end());
  return out;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void check_code(system::Row row, const CodelistEntry& entry) {
  if (entry.system == "snomed") {
    if (!is_snomed_identifier(entry.code)) {
      row.error("code", "this is not a SNOMED CT identifier: its check digit is wrong", "copy the code again; a spreadsheet may have rounded its last digits");
    }
    if (entry.match == Match::prefix) row.error("match", "SNOMED CT codes have no meaning in their digits", "use descendants");
  }
  if (entry.system == "icd10") {
    const std::string code = without_point(entry.code);
    const bool shape = code.size() >= 3 && code.size() <= 5 && code[0] >= 'A' && code[0] <= 'Z' && is_digits(code.substr(1, 2));
    if (!shape) row.error("code", "this is not an ICD-10 code", "write it like I48 or E11.9");
  }
}

std::string content_hash(const Codelist& list) {
  std::vector<std::string> lines;
  lines.reserve(list.entries.size());
  for (const CodelistEntry& entry : list.entries) {
    lines.push_back(entry.system + '|' + entry.code + '|' + std::to_string(static_cast<int>(entry.match)) + '\n');
  }
  std::sort(lines.begin(), lines.end());
  Sha256 hash;
  hash.add(list.id + '|' + list.version + '|' + list.unit + '\n');
  for (const std::string& line : lines) hash.add(line);
  return to_hex(hash.finish());
}

void load_entries(system::Definitions& definitions, const std::string& file, const system::KnownIds& ids, std::vector<Codelist>& lists) {
  system::Table table(definitions, file, {{"id", "system", "code", "display"}, {"match"}});
  system::KnownIds seen;
  for (system::Row row : table) {
    const std::string id = row.reference("id", ids, "codelists/index.csv");
    CodelistEntry entry;
    entry.system = row.text("system");
    entry.code = row.text("code");
    entry.display = row.text("display");
    if (!entry.system.empty() && system_uri(entry.system).empty()) {
      std::vector<std::string> words;
      words.reserve(std::size(code_systems));
      for (const auto& each : code_systems) words.emplace_back(each.first);
      const std::string near = nearest(entry.system, words);
      row.error("system", "'" + entry.system + "' is not a code system we know",
                near.empty() ? "use snomed, icd10, loinc, cvx, nhs_ethnicity, dmd, bnf, opcs4, read2, ctv3 or local" : "did you mean '" + near + "'?");
    }
    if (row.has("match")) entry.match = static_cast<Match>(row.one_of("match", {"exact", "descendants", "prefix"}));
    check_code(row, entry);
    if (!seen.emplace(id + '|' + entry.system + '|' + entry.code, 0).second) {
      row.error("code", "this code stands twice in the list '" + id + "'", "remove one of the rows");
    }
    const auto at = ids.find(id);
    if (at != ids.end() && at->second < lists.size()) lists[at->second].entries.push_back(std::move(entry));
  }
}

}  // namespace

std::string_view system_uri(std::string_view short_name) {
  for (const auto& [name, uri] : code_systems) {
    if (name == short_name) return uri;
  }
  return {};
}

std::string_view system_short_name(std::string_view uri) {
  for (const auto& [name, each] : code_systems) {
    if (each == uri) return name;
  }
  return {};
}

LoadedCodelists load_codelists(const std::filesystem::path& system_folder) { return load_codelists(system::Definitions(system_folder)); }

LoadedCodelists load_codelists(system::Definitions definitions) {
  LoadedCodelists loaded;
  const std::string index = "codelists/index.csv";
  system::KnownIds ids;
  std::vector<Codelist>& lists = loaded.codelists.lists;
  std::vector<int> lines;
  {
    system::Table table(definitions, index, {{"id", "version", "title", "kind"}, {"unit", "purpose", "source"}});
    for (system::Row row : table) {
      Codelist list;
      list.id = row.id("id", ids);
      list.version = row.text("version");
      list.title = row.text("title");
      list.kind = row.text("kind");
      list.unit = row.optional_text("unit");
      list.purpose = row.optional_text("purpose");
      list.source = row.optional_text("source");
      lists.push_back(std::move(list));
      lines.push_back(row.line());
    }
  }
  for (const std::string& file : definitions.files("codelists", ".csv")) {
    if (file != index) load_entries(definitions, file, ids, lists);
  }
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (lists[i].entries.empty()) {
      definitions.error(index, lines[i], 1, "the codelist '" + lists[i].id + "' has no codes", "add its codes, or remove this row");
    }
    lists[i].hash = content_hash(lists[i]);
  }
  std::sort(lists.begin(), lists.end(), [](const Codelist& a, const Codelist& b) { return a.id < b.id; });
  loaded.diagnostics = std::move(definitions.diagnostics());
  return loaded;
}

const Codelist* find_codelist(const Codelists& codelists, std::string_view id) {
  const auto at =
      std::lower_bound(codelists.lists.begin(), codelists.lists.end(), id, [](const Codelist& list, std::string_view word) { return list.id < word; });
  return at == codelists.lists.end() || at->id != id ? nullptr : &*at;
}

bool contains(const Codelist& list, std::string_view system, std::string_view code) {
  const bool icd = system == "icd10";
  const std::string wanted = icd ? without_point(code) : std::string(code);
  for (const CodelistEntry& entry : list.entries) {
    if (entry.system != system) continue;
    const std::string mine = icd ? without_point(entry.code) : entry.code;
    if (mine == wanted || (entry.match == Match::prefix && wanted.starts_with(mine))) return true;
  }
  return false;
}

LoadedEthnicity load_ethnicity(const std::filesystem::path& system_folder) { return load_ethnicity(system::Definitions(system_folder)); }

LoadedEthnicity load_ethnicity(system::Definitions definitions) {
  LoadedEthnicity loaded;
  system::Table table(definitions, "ethnicity.csv", {{"id", "display", "nhs_code", "group"}, {"group_display"}});
  system::KnownIds ids;
  for (system::Row row : table) {
    EthnicCategory one;
    one.id = row.id("id", ids);
    one.display = row.text("display");
    one.nhs_code = row.text("nhs_code");
    one.group = row.text("group");
    one.group_display = row.has("group_display") ? row.optional_text("group_display") : one.group;
    if (one.group == "unknown") {
      loaded.ethnicity.not_known.emplace(one.nhs_code, one.display);
    } else {
      loaded.ethnicity.categories.push_back(std::move(one));
    }
  }
  loaded.diagnostics = std::move(definitions.diagnostics());
  return loaded;
}

std::string_view ethnic_group(const Ethnicity& ethnicity, std::string_view nhs_code) {
  for (const EthnicCategory& one : ethnicity.categories) {
    if (one.nhs_code == nhs_code) return one.group;
  }
  return ethnicity.not_known.contains(nhs_code) ? std::string_view("unknown") : std::string_view();
}

}  // namespace catchment::terminology
