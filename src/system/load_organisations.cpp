#include <array>
#include <set>

#include "system/loading.h"

namespace catchment::system {

namespace {

constexpr std::array<std::string_view, 17> kind_words = {"care_board",
                                                         "clinical_commissioning_group",
                                                         "sub_board_location",
                                                         "council",
                                                         "hospital_trust",
                                                         "community_trust",
                                                         "mental_health_trust",
                                                         "ambulance_trust",
                                                         "urgent_care_provider",
                                                         "healthwatch",
                                                         "voluntary",
                                                         "national_body",
                                                         "regulator",
                                                         "general_practice",
                                                         "care_home",
                                                         "independent_provider",
                                                         "other"};

// Following one kind of succession must come to an end.
void check_circles(Loading& loading, Table& table) {
  const auto& all = loading.system.successions;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Succession& start = all[i];
    if (start.from == start.to) continue;  // reported already
    std::set<std::string> seen{start.from};
    std::vector<std::string> open{start.to};
    while (!open.empty()) {
      const std::string at = open.back();
      open.pop_back();
      if (at == start.from && !at.empty()) {
        table[i].error("from", "the " + start.what + " succession of '" + start.from + "' comes back to itself", "remove the row that closes the circle");
        return;
      }
      if (at.empty() || !seen.insert(at).second) continue;
      for (const Succession& next : all) {
        if (next.from == at && next.what == start.what && next.from != next.to) open.push_back(next.to);
      }
    }
  }
}

void load_successions(Loading& loading) {
  Table table(loading.definitions, "successions.csv", {{"from", "to", "on", "what"}, {"expected", "note"}}, false);
  for (Row row : table) {
    Succession change;
    change.from = row.reference("from", loading.organisations, "organisations.csv");
    change.to = row.reference("to", loading.organisations, "organisations.csv");
    if (const auto on = row.date("on")) change.on = *on;
    else if (!row.has("on")) row.error("on", "'on' is empty", "write the successor's first day");
    constexpr std::array<std::string_view, 3> words = {"legal", "code", "functions"};
    change.what = words[row.one_of("what", {"legal", "code", "functions"})];
    change.expected = row.yes_no("expected", false);
    change.note = row.optional_text("note");
    if (!change.from.empty() && change.from == change.to) { row.error("to", "an organisation cannot succeed itself", "name another organisation"); }
    loading.system.successions.push_back(std::move(change));
  }
  check_circles(loading, table);
}

// Two rows may share a code only at different times.
void check_code_overlaps(Loading& loading, Table& table) {
  const auto& all = loading.system.organisations;
  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t i = 0; i < all.size(); ++i) rows_of[all[i].code_system + ' ' + all[i].code].push_back(i);
  for (const auto& [code, rows] : rows_of) {
    for (std::size_t a = 0; a < rows.size(); ++a) {
      for (std::size_t b = a + 1; b < rows.size(); ++b) {
        const Organisation& first = all[rows[a]];
        const Organisation& second = all[rows[b]];
        const bool apart =
            (first.closed && second.opened && *first.closed < *second.opened) || (second.closed && first.opened && *second.closed < *first.opened);
        if (!apart) {
          table[rows[b]].error("code", "'" + second.code + "' is also the code of '" + first.id + "' at the same time",
                               "give one of them dates that do not overlap, or another code");
        }
      }
    }
  }
}

}  // namespace

std::string_view to_string(OrganisationKind kind) { return kind_words[static_cast<std::size_t>(kind)]; }

std::optional<OrganisationKind> organisation_kind(std::string_view word) {
  for (std::size_t i = 0; i < kind_words.size(); ++i) {
    if (kind_words[i] == word) return static_cast<OrganisationKind>(i);
  }
  return std::nullopt;
}

void load_organisations(Loading& loading) {
  Table table(loading.definitions, "organisations.csv",
              {{"id", "code", "code_system", "name", "kind"},
               {"short_name", "core_partner", "in_area", "share_from_area_percent", "places", "opened", "closed", "expected", "description"}});
  for (Row row : table) {
    Organisation one;
    one.id = row.id("id", loading.organisations);
    one.code = row.text("code");
    constexpr std::array<std::string_view, 3> systems = {"ods", "ons", "local"};
    one.code_system = systems[row.one_of("code_system", {"ods", "ons", "local"})];
    one.name = row.text("name");
    one.short_name = row.has("short_name") ? row.optional_text("short_name") : one.name;
    const std::string word = row.text("kind");
    if (const auto kind = organisation_kind(word)) {
      one.kind = *kind;
    } else if (!word.empty()) {
      const std::string near = nearest(word, {kind_words.begin(), kind_words.end()});
      row.error("kind", "'" + word + "' is not a kind of organisation",
                near.empty() ? "use one of the kinds of the example system, or 'other'" : "did you mean '" + near + "'?");
    }
    one.core_partner = row.yes_no("core_partner", false);
    one.in_area = row.yes_no("in_area", true);
    if (const auto percent = row.number("share_from_area_percent", 0, 100)) one.share_from_area = *percent / 100;
    one.places = row.list("places");
    one.opened = row.date("opened");
    one.closed = row.date("closed");
    if (one.opened && one.closed && *one.closed < *one.opened) { row.error("closed", "it closes before it opens", "check both dates"); }
    one.expected = row.yes_no("expected", false);
    one.description = row.optional_text("description");
    loading.organisation_lines.push_back(row.line());
    loading.system.organisations.push_back(std::move(one));
  }
  loading.organisations.complete = loading.organisations.complete && table.whole();
  check_code_overlaps(loading, table);
  load_successions(loading);
}

}  // namespace catchment::system
