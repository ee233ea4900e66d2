// The definition files of a system folder: feeds, units and the codelists that feeds name.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/csv.h"
#include "intake/feed.h"

namespace catchment::intake {

namespace {

constexpr std::uintmax_t largest_definition = std::uintmax_t{64} << 20;

std::optional<std::string> bytes_of(const std::filesystem::path& path, const std::string& name, Diagnostics& diagnostics) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || !std::filesystem::is_regular_file(path)) {
    diagnostics.push_back({name, 0, 0, Severity::error, "the file cannot be read", "check that it exists and is a readable file"});
    return std::nullopt;
  }
  if (size > largest_definition) {
    diagnostics.push_back({name, 0, 0, Severity::error, "the file is larger than 64 MB", ""});
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void load_units(const std::filesystem::path& system, FeedDefinitions& out, Diagnostics& diagnostics) {
  const auto path = system / "units.csv";
  if (!std::filesystem::exists(path)) return;
  const auto bytes = bytes_of(path, "units.csv", diagnostics);
  if (!bytes) return;
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(*bytes, faults);
  for (const auto& f : faults) diagnostics.push_back({"units.csv", f.line, 0, Severity::error, f.message, ""});
  const char* names[] = {"system", "code", "unit", "canonical", "factor", "offset", "min", "max"};
  int at[8];
  for (int i = 0; i < 8; ++i) {
    at[i] = table.column(names[i]);
    if (at[i] < 0) {
      diagnostics.push_back(
          {"units.csv", 1, 0, Severity::error, fmt::format("column `{}` is missing", names[i]), "system,code,unit,canonical,factor,offset,min,max"});
      return;
    }
  }
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    const auto cell = [&](int i) -> const std::string& { return row[static_cast<std::size_t>(at[i])]; };
    const auto numeric = [&](int i) -> std::optional<double> {
      if (cell(i).empty()) return std::nullopt;
      const auto value = number_of(cell(i));
      if (!value) diagnostics.push_back({"units.csv", table.lines[r], 0, Severity::error, fmt::format("`{}` is not a number", names[i]), ""});
      return value;
    };
    UnitRule rule{code_system_uri(cell(0)), cell(1), cell(2), cell(3), numeric(4).value_or(1), numeric(5).value_or(0), numeric(6), numeric(7)};
    if (rule.canonical.empty()) diagnostics.push_back({"units.csv", table.lines[r], 0, Severity::error, "the canonical unit is empty", ""});
    out.units.push_back(std::move(rule));
  }
}

void load_codelist(const std::filesystem::path& system, const std::string& file, FeedDefinitions& out, Diagnostics& diagnostics) {
  if (out.codelists.contains(file)) return;
  auto& codes = out.codelists[file];
  const std::string name = "codelists/" + file;
  if (file.find("..") != std::string::npos || file.starts_with('/')) {
    diagnostics.push_back({name, 0, 0, Severity::error, "a codelist is a file under codelists/", ""});
    return;
  }
  const auto bytes = bytes_of(system / "codelists" / file, name, diagnostics);
  if (!bytes) return;
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(*bytes, faults);
  const int code = table.column("code");
  if (code < 0) {
    diagnostics.push_back({name, 1, 0, Severity::error, "column `code` is missing", ""});
    return;
  }
  for (const auto& row : table.rows) codes.insert(row[static_cast<std::size_t>(code)]);
}

// One step of matching; `out` is filled from captures as the match unwinds.
bool matches(std::string_view pattern, std::string_view path, PathMatch& out, int depth) {
  if (depth > 64) return false;
  if (pattern.empty()) return path.empty();
  const auto try_lengths = [&](std::string_view rest, bool slashes, std::size_t least, std::string* capture) {
    for (std::size_t n = least; n <= path.size(); ++n) {
      if (!slashes && n > 0 && path[n - 1] == '/') return false;
      if (matches(rest, path.substr(n), out, depth + 1)) {
        if (capture != nullptr) *capture = std::string(path.substr(0, n));
        return true;
      }
    }
    return false;
  };
  if (pattern.starts_with("**/")) return matches(pattern.substr(3), path, out, depth + 1) || try_lengths(pattern.substr(2), true, 1, nullptr);
  if (pattern.starts_with("**")) return try_lengths(pattern.substr(2), true, 0, nullptr);
  if (pattern[0] == '*') return try_lengths(pattern.substr(1), false, 0, nullptr);
  if (pattern[0] == '{') {
    const auto close = pattern.find('}');
    if (close == std::string_view::npos) return false;
    const auto name = pattern.substr(1, close - 1);
    std::string* capture = name == "partner" ? &out.partner : name == "period" ? &out.period : name == "delivery" ? &out.delivery : nullptr;
    return try_lengths(pattern.substr(close + 1), false, 1, capture);
  }
  return !path.empty() && path[0] == pattern[0] && matches(pattern.substr(1), path.substr(1), out, depth);
}

// Codes with their times. What is wrong in these files is said by the module that owns them.
void load_organisations(const std::filesystem::path& system, FeedDefinitions& out, Diagnostics& diagnostics) {
  for (const char* name : {"organisations.csv", "practices.csv"}) {
    if (!std::filesystem::exists(system / name)) continue;
    const auto bytes = bytes_of(system / name, name, diagnostics);
    if (!bytes) continue;
    std::vector<CsvFault> ignored;
    const CsvTable table = read_csv(*bytes, ignored);
    const int code = table.column("code"), opened = table.column("opened"), closed = table.column("closed");
    if (code < 0 || opened < 0 || closed < 0) continue;
    for (const auto& row : table.rows)
      out.organisations.push_back(
          {row[static_cast<std::size_t>(code)], Date::parse(row[static_cast<std::size_t>(opened)]), Date::parse(row[static_cast<std::size_t>(closed)])});
  }
}

}  // namespace

std::optional<PathMatch> match_path(std::string_view pattern, std::string_view path) {
  PathMatch match;
  if (!matches(pattern, path, match, 0)) return std::nullopt;
  return match;
}

std::string code_system_uri(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"snomed", "http://snomed.info/sct"},
      {"icd10", "http://hl7.org/fhir/sid/icd-10"},
      {"opcs4", "https://fhir.hl7.org.uk/CodeSystem/OPCS-4"},
      {"bnf", "https://fhir.nhs.uk/CodeSystem/BNF"},
      {"dmd", "https://dmd.nhs.uk"},
      {"loinc", "http://loinc.org"},
      {"ucum", "http://unitsofmeasure.org"},
      {"ods", "https://fhir.nhs.uk/Id/ods-organization-code"},
  };
  for (const auto& [from, to] : known)
    if (name == from) return std::string(to);
  return std::string(name);
}

FeedDefinitions load_feeds(const std::filesystem::path& system, Diagnostics& diagnostics) {
  FeedDefinitions out;
  const auto folder = system / "feeds";
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  if (error) {
    diagnostics.push_back({"feeds", 0, 0, Severity::error, "the folder cannot be read", "a system folder has a folder feeds/ of definitions"});
    return out;
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const std::string name = "feeds/" + file.filename().string();
    const auto bytes = bytes_of(file, name, diagnostics);
    if (!bytes) continue;
    if (auto feed = read_feed(name, *bytes, diagnostics)) out.feeds.push_back(std::move(*feed));
  }
  load_units(system, out, diagnostics);
  load_organisations(system, out, diagnostics);
  for (const auto& feed : out.feeds)
    for (const auto& c : feed.columns)
      if (!c.codelist.empty()) load_codelist(system, c.codelist, out, diagnostics);
  return out;
}

}  // namespace catchment::intake
