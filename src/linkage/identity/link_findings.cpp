#include "linkage/identity/link_findings.h"

#include <unordered_set>

namespace catchment::linkage {
namespace {

constexpr std::uint32_t most_carriers = 1000;  // different identities that may give one home or contact before it is said

// A home or contact that very many people give as theirs: a hostel, a hospital, a default. It costs nothing and says little.
void find_hubs(const KnownRows& known, LinkResult& result) {
  const Identities& identities = known.identities;
  std::vector<std::uint8_t> hub(identities.size(), 0);
  std::string by_field;
  for (const IdentityField field : {id_postcode, id_address, id_telephone, id_email}) {
    std::vector<std::uint32_t> carriers(identities.rows.texts(field).size(), 0);
    for (std::size_t identity = 0; identity < identities.size(); ++identity) ++carriers[identities.rows.cell(identity, field)];
    std::size_t values = 0;
    for (std::size_t value = 1; value < carriers.size(); ++value) values += carriers[value] > most_carriers;
    if (values == 0) continue;
    by_field += (by_field.empty() ? "" : ", ") + identities.rows.fields[field].name + " (" + std::to_string(values) + ")";
    for (std::size_t identity = 0; identity < identities.size(); ++identity)
      if (const TextId value = identities.rows.cell(identity, field); value != 0 && carriers[value] > most_carriers) hub[identity] = 1;
  }
  if (by_field.empty()) return;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < known.table.size(); ++row)
    if (hub[identities.of_row[row]] != 0) rows.push_back(row);
  result.findings.push_back({"home-or-contact-of-very-many",
                             std::to_string(rows.size()) + " rows give a home or contact that more than " + std::to_string(most_carriers) +
                                 " different identities give (a hostel, a hospital, a default), by field: " + by_field +
                                 "; ask the source whether it is theirs",
                             std::move(rows)});
}

// Rows that hold no number, and nothing else once placeholders and symbols are dropped. A source of pseudonyms has
// nothing to say in any of its rows: that is no fault.
void find_silent_rows(const KnownRows& known, LinkResult& result) {
  const IdentityTable& table = known.table;
  const Identities& identities = known.identities;
  std::unordered_set<std::int32_t> speaking;
  for (std::uint32_t row = 0; row < table.size(); ++row)
    if (identities.of_row[row] != 0) speaking.insert(table.source(row).value);
  std::vector<std::uint32_t> rows;
  std::size_t blank = 0;
  for (std::uint32_t row = 0; row < table.size(); ++row) {
    if (identities.of_row[row] != 0 || !speaking.contains(table.source(row).value)) continue;
    rows.push_back(row);
    bool says = false;
    for (std::uint8_t column = 0; column < IdentityTable::columns; ++column) says = says || table.cell(static_cast<IdentityTable::Column>(column), row) != 0;
    blank += says ? 0 : 1;
  }
  if (rows.empty()) return;
  result.findings.push_back({"row-names-nobody",
                             std::to_string(rows.size()) + " rows say nothing by which anybody could be told (" + std::to_string(blank) +
                                 " with every field empty, the others with placeholders, symbols or the place of an incident): each stands alone; "
                                 "ask the source for names, dates of birth and numbers",
                             std::move(rows)});
}

}  // namespace

void write_findings(const KnownRows& known, const std::vector<LeftOut>& left_out, std::vector<std::uint32_t> left_out_of_review, LinkResult& result) {
  const auto find = [&](std::string rule, const std::string& message, std::vector<std::uint32_t> rows) {
    std::string counted = std::to_string(rows.size()) + " " + message;
    result.findings.push_back({std::move(rule), std::move(counted), std::move(rows)});
  };
  if (!known.spine.contradicted.empty())
    find(
        "nhs-number-shared-by-different-people",
        "rows carry one NHS number but name and date of birth contradict it; those in the minority are not joined by that number: ask the source to trace them",
        known.rows_that_say(known.spine.contradicted));
  if (!known.spine.widely_shared.empty())
    find("nhs-number-used-by-very-many-rows",
         "rows hold an NHS number that stands on very many rows; where they name hundreds of different people it joins nobody: ask the source whether it is a "
         "default",
         known.rows_that_say(known.spine.widely_shared));
  if (!left_out.empty()) {
    std::string by_rule;
    std::vector<std::uint8_t> left(known.table.size(), 0);
    for (const LeftOut& one : left_out) {
      by_rule += (by_rule.empty() ? "" : ", ") + one.rule + " (" + std::to_string(one.rows.size()) + ")";
      for (const std::uint32_t row : one.rows) left[row] = 1;
    }
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < left.size(); ++row)
      if (left[row] != 0) rows.push_back(row);
    find("value-shared-by-too-many-rows",
         "rows hold values that very many rows share (a placeholder, a hostel, a default): they are joined by other fields only; left out by " + by_rule,
         std::move(rows));
  }
  if (result.review_left_out != 0)
    find("review-queue-full", "rows stand in " + std::to_string(result.review_left_out) + " pairs that were left out of review, less likely than those kept",
         std::move(left_out_of_review));
  find_silent_rows(known, result);
  find_hubs(known, result);
}

}  // namespace catchment::linkage
