#include "cli/match_details.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/csv.h"
#include "base/error.h"
#include "fhir/fhir.h"
#include "json/json.h"

namespace catchment::cli {

namespace {

using linkage::IdentityRow;

constexpr std::array<std::string_view IdentityRow::*, 9> members = {&IdentityRow::nhs_number,    &IdentityRow::given_names, &IdentityRow::family_name,
                                                                    &IdentityRow::date_of_birth, &IdentityRow::sex,         &IdentityRow::postcode,
                                                                    &IdentityRow::address_line,  &IdentityRow::telephone,   &IdentityRow::email};

std::string known_names() { return fmt::format("the names are {}", fmt::join(detail_names(), ", ")); }

std::optional<std::size_t> place_of(std::string_view name) {
  const auto& names = detail_names();
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - names.begin()));
}

Details from_object(json::Value object) {
  IdentityRow row;
  std::size_t number = 0;
  for (const auto member : object) {
    ++number;
    const auto place = place_of(member.key());
    if (!place) throw Error(ErrorKind::user, fmt::format("member {} of the JSON object has a name that is not known", number), known_names());
    if (member.is_null()) continue;
    if (!member.is_string() && !member.is_number())
      throw Error(ErrorKind::user, fmt::format("{} is neither text nor a number", detail_names()[*place]), "write it as JSON text");
    row.*members[*place] = member.is_number() ? member.number_text() : member.string();
  }
  Details out;
  out.table.add(row);
  return out;
}

Details from_patient(json::Value patient) {
  fhir::Mapper mapper;
  fhir::Mapped mapped;
  if (patient["resourceType"].string() != "Patient" || !mapper.map(patient, mapped) || !mapped.identity)
    throw Error(ErrorKind::user, "the FHIR resource is not a Patient", "give one Patient resource, or a JSON object of details");
  const fhir::Identity& who = *mapped.identity;
  IdentityRow row;
  row.nhs_number = who.nhs_number.text, row.given_names = who.given.text, row.family_name = who.family.text;
  row.date_of_birth = patient["birthDate"].string(), row.sex = patient["gender"].string();
  row.postcode = who.postcode.text, row.address_line = who.address.text, row.telephone = who.telephone.text, row.email = who.email.text;
  Details out;
  out.table.add(row);
  if (!who.previous_family.present()) return out;
  row.family_name = who.previous_family.text;
  out.table.add(row);
  return out;
}

Details from_json(std::string_view bytes) {
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(bytes, fault);
  if (!document) throw Error(ErrorKind::user, fmt::format("the details are not JSON: at byte {}", fault.offset), "give one JSON object, or CSV with a header");
  const json::Value root = document->root();
  if (!root.is_object()) throw Error(ErrorKind::user, "the details are not one JSON object", "give one person a file, or many as CSV with a header");
  return root.has("resourceType") ? from_patient(root) : from_object(root);
}

std::vector<Details> from_csv(std::string_view bytes) {
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(bytes, faults);
  if (!faults.empty()) throw Error(ErrorKind::user, fmt::format("line {} of the details is not whole CSV", faults[0].line), "mend its quotes and commas");
  std::vector<std::optional<std::size_t>> places;
  std::optional<std::size_t> label;
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    places.push_back(place_of(table.header[c]));
    if (table.header[c] == "row") label = c;
    else if (!places[c])
      throw Error(ErrorKind::user, fmt::format("column {} of the first line has a name that is not known", c + 1), known_names() + "; and row");
  }
  std::vector<Details> all;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    IdentityRow row;
    for (std::size_t c = 0; c < places.size(); ++c)
      if (places[c]) row.*members[*places[c]] = table.rows[r][c];
    Details& one = all.emplace_back();
    one.label = label ? table.rows[r][*label] : fmt::format("line {}", table.lines[r]);
    one.table.add(row);
  }
  return all;
}

}  // namespace

const std::vector<std::string>& detail_names() {
  static const std::vector<std::string> names = {"nhs_number", "given_name", "family_name", "birth_date", "sex", "postcode", "address", "telephone", "email"};
  return names;
}

std::vector<Details> read_details(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos) throw Error(ErrorKind::user, "no details were given", "give one JSON object, a FHIR Patient, or CSV with a header");
  std::vector<Details> all;
  if (bytes[start] == '{' || bytes[start] == '[') all.push_back(from_json(bytes.substr(start)));
  else all = from_csv(bytes);
  if (all.empty()) throw Error(ErrorKind::user, "the details have a header and no row", "give a row for each person");
  return all;
}

}  // namespace catchment::cli
