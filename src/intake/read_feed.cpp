#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "intake/feed_expressions.h"
#include "records/schema.h"

namespace catchment::intake {

namespace {

constexpr const char* settings[] = {"general-practice", "hospital",  "emergency", "community",     "mental-health", "ambulance", "urgent",
                                    "social-care",      "voluntary", "maternity", "public-health", "demographics",  "other"};
constexpr const char* frequencies[] = {"daily", "weekly", "monthly", "quarterly", "yearly", "once"};

std::string listed(std::initializer_list<std::string_view> words) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : ", ") + std::string(w);
  return out;
}

template <std::size_t N>
bool among(const char* const (&list)[N], const std::string& word) {
  return std::any_of(std::begin(list), std::end(list), [&](const char* w) { return word == w; });
}

template <std::size_t N>
std::string all_of(const char* const (&list)[N]) {
  std::string out;
  for (const char* w : list) out += (out.empty() ? "" : ", ") + std::string(w);
  return out;
}

void read_key(FeedReader& r, const toml::table& root) {
  const std::string key = r.text(root, "key");
  const auto colon = key.find(':');
  const std::string kind = key.substr(0, colon);
  r.feed.key_domain = colon == std::string::npos ? "" : key.substr(colon + 1);
  if (kind == "nhs_number" && colon == std::string::npos) {
    r.feed.key = KeyKind::nhs_number;
    r.feed.key_domain = "nhs_number";
  } else if (kind == "local_id") {
    r.feed.key = KeyKind::local_id;
    if (r.feed.key_domain.empty()) r.feed.key_domain = r.feed.name;
  } else if (kind == "pseudonym" && !r.feed.key_domain.empty()) {
    r.feed.key = KeyKind::pseudonym;
  } else if (key == "none") {
    r.feed.key = KeyKind::none;
  } else {
    r.error(root, key.empty() ? "the feed does not say what its rows are keyed by" : fmt::format("`{}` is not a kind of key", key),
            "key = \"nhs_number\", \"local_id:<domain>\", \"pseudonym:<domain>\", or \"none\" for rows about nobody");
  }
}

void read_csv_options(FeedReader& r, const toml::table& root) {
  const auto* csv = root["csv"].as_table();
  if (csv == nullptr) return;
  r.only(*csv, {"separator", "quote", "encoding", "header", "null"});
  const std::string separator = r.text(*csv, "separator");
  if (separator == "tab") r.feed.separator = '\t';
  else if (separator.size() == 1) r.feed.separator = separator[0];
  else if (!separator.empty() && separator != "auto")
    r.error(*csv, "the separator is not one character", "separator = \",\" or \"tab\", or leave it out to have it found");
  const std::string quote = r.text(*csv, "quote", "\"");
  if (quote.size() == 1) r.feed.quote = quote[0];
  else r.error(*csv, "the quote is not one character");
  r.feed.encoding = r.text(*csv, "encoding");
  if (r.feed.encoding == "auto") r.feed.encoding.clear();
  if (!r.feed.encoding.empty() && r.feed.encoding != "utf-8" && r.feed.encoding != "windows-1252" && r.feed.encoding != "utf-16")
    r.error(*csv, fmt::format("`{}` is not an encoding that is read", r.feed.encoding), "utf-8, windows-1252 or utf-16");
  r.feed.header = r.flag(*csv, "header", true);
  if (csv->contains("null")) {
    r.feed.nulls = r.texts(*csv, "null");
    if (std::find(r.feed.nulls.begin(), r.feed.nulls.end(), "") == r.feed.nulls.end()) r.feed.nulls.emplace_back();
  }
}

void read_format(FeedReader& r, const toml::table& root) {
  const std::string format = r.text(root, "format");
  if (format == "csv") r.feed.format = Format::csv;
  else if (format == "parquet") r.feed.format = Format::parquet;
  else if (format == "fhir-ndjson") r.feed.format = Format::fhir_ndjson;
  else if (format == "fhir-bundle") r.feed.format = Format::fhir_bundle;
  else if (!format.empty()) r.error(root, fmt::format("`{}` is not a format", format), listed({"csv", "parquet", "fhir-ndjson", "fhir-bundle"}));
  const std::string keep = r.text(root, "keep_json", "all");
  if (keep != "all" && keep != "unmapped") r.error(root, "keep_json is `all` or `unmapped`");
  r.feed.keep_all_json = keep != "unmapped";
}

void read_top(FeedReader& r, const toml::table& root) {
  Feed& feed = r.feed;
  r.only(root,
         {"name",
          "title",
          "setting",
          "files",
          "format",
          "partner",
          "key",
          "key_column",
          "fallback_key_column",
          "organisation",
          "purposes",
          "frequency",
          "late_after_days",
          "tolerance",
          "one_row_per_person",
          "postcode_is_incident",
          "keep_json",
          "synthetic",
          "opt_out",
          "csv",
          "column",
          "identity",
          "record",
          "check",
          "map"});
  feed.name = r.text(root, "name");
  const std::string stem = std::filesystem::path(r.file).stem().string();
  if (feed.name != stem) {
    r.error(root, fmt::format("the feed is named `{}` but its file is {}", feed.name, r.file), fmt::format("name = \"{}\"", stem));
    feed.name = stem;
  }
  feed.title = r.text(root, "title");
  if (feed.title.empty()) r.error(root, "the feed has no title");
  feed.setting = r.text(root, "setting");
  if (!among(settings, feed.setting)) r.error(root, fmt::format("`{}` is not a setting", feed.setting), all_of(settings));
  feed.frequency = r.text(root, "frequency");
  if (!feed.frequency.empty() && !among(frequencies, feed.frequency))
    r.error(root, fmt::format("`{}` is not a frequency", feed.frequency), all_of(frequencies));
  feed.patterns = r.texts(root, "files");
  if (feed.patterns.empty()) r.error(root, "the feed does not say which files are its own", "files = [\"folder/{partner}/{period}/*.csv\"]");
  feed.partner = r.text(root, "partner");
  feed.purposes = r.texts(root, "purposes");
  feed.opt_out = r.text(root, "opt_out");
  if (!feed.opt_out.empty() && feed.opt_out != "national" && feed.opt_out != "type-1")
    r.error(root, fmt::format("`{}` is not a kind of opt-out", feed.opt_out), listed({"national", "type-1"}));
  feed.late_after_days = static_cast<int>(r.number(root, "late_after_days", 0));
  feed.tolerance = r.number(root, "tolerance", 0.01);
  if (feed.tolerance < 0 || feed.tolerance > 1) r.error(root, "tolerance is a share between 0 and 1");
  feed.one_row_per_person = r.flag(root, "one_row_per_person", false);
  feed.postcode_is_incident = r.flag(root, "postcode_is_incident", false);
  feed.synthetic = r.flag(root, "synthetic", false);
  read_key(r, root);
  read_format(r, root);
  read_csv_options(r, root);
}

// After the columns are known.
void read_column_references(FeedReader& r, const toml::table& root) {
  Feed& feed = r.feed;
  const auto named = [&](const char* key) {
    const std::string name = r.text(root, key);
    return name.empty() ? -1 : r.column(root, name);
  };
  feed.key_column = named("key_column");
  feed.fallback_key_column = named("fallback_key_column");
  feed.organisation_column = named("organisation");
  if (feed.organisation_column >= 0 && feed.columns[static_cast<std::size_t>(feed.organisation_column)].kind != ColumnKind::organisation)
    r.error(root, "the column named by `organisation` does not have type `organisation`");
  if (feed.is_fhir()) {
    if (feed.key == KeyKind::nhs_number || feed.key == KeyKind::none)
      r.error(root, "a FHIR feed is keyed by the Patient's id", "key = \"local_id:<domain>\"; the NHS number goes to the identity");
    return;
  }
  if (feed.key_column < 0 && feed.key == KeyKind::nhs_number && !feed.identity.empty() && feed.identity[identity_nhs_number].kind == Expression::Kind::column)
    feed.key_column = feed.identity[identity_nhs_number].columns[0];
  if (feed.key_column < 0 && feed.key != KeyKind::none) r.error(root, "the feed does not name its key column", "key_column = \"<column>\"");
  if (feed.key_column >= 0 && feed.key == KeyKind::none) r.error(root, "a feed about nobody has no key column", "leave key_column out, or give the feed a key");
  if (feed.records.empty() && feed.identity.empty()) r.error(root, "nothing would come of this feed's rows", "add an [identity] table or a [[record]]");
}

}  // namespace

std::vector<FeedColumn> fhir_columns() {
  std::vector<FeedColumn> out;
  const auto add = [&](std::string name) {
    FeedColumn c;
    c.name = std::move(name);
    out.push_back(std::move(c));
  };
  for (std::size_t i = 0; i < identity_fields; ++i) add("patient." + std::string(identity_field_name(static_cast<IdentityField>(i))));
  for (const auto& table : records::tables)
    for (const auto& column : table.columns) add(std::string(table.name) + "." + std::string(column.name));
  return out;
}

std::optional<Feed> read_feed(const std::string& file, std::string_view source, Diagnostics& diagnostics) {
  Feed feed;
  feed.file = file;
  FeedReader reader{feed, file, diagnostics, {}};
  const std::size_t before = diagnostics.size();
  const toml::parse_result parsed = toml::parse(source, std::string_view(file));
  if (!parsed) {
    const auto at = parsed.error().source().begin;
    diagnostics.push_back({file, static_cast<int>(at.line), static_cast<int>(at.column), Severity::error, std::string(parsed.error().description()),
                           "correct the TOML here; text stands in double quotes"});
    return std::nullopt;
  }
  const toml::table& root = parsed.table();
  read_top(reader, root);
  reader.read_maps(root);
  reader.read_columns(root);
  reader.read_identity(root);
  reader.read_records(root);
  reader.read_checks(root);
  read_column_references(reader, root);
  if (feed.is_fhir()) feed.columns = fhir_columns();
  for (std::size_t i = before; i < diagnostics.size(); ++i)
    if (diagnostics[i].severity == Severity::error) return std::nullopt;
  return feed;
}

}  // namespace catchment::intake
