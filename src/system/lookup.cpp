#include <algorithm>
#include <tuple>

#include "system/system.h"

namespace catchment::system {

namespace {

template <typename Rows, typename Member>
auto* first_with(const Rows& rows, Member member, std::string_view wanted) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.*member == wanted; });
  return at == rows.end() ? nullptr : &*at;
}

template <typename Rows, typename Member>
auto* in_order(const Rows& rows, Member member, std::string_view wanted) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), wanted, [&](const auto& row, std::string_view word) { return row.*member < word; });
  return at == rows.end() || (*at).*member != wanted ? nullptr : &*at;
}

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

const Place* find_place(const System& system, std::string_view id) { return first_with(system.places, &Place::id, id); }

const Neighbourhood* find_neighbourhood(const System& system, std::string_view id) { return first_with(system.neighbourhoods, &Neighbourhood::id, id); }

const SmallArea* find_small_area(const System& system, std::string_view code) { return in_order(system.small_areas, &SmallArea::code, code); }

const Postcode* find_postcode(const System& system, std::string_view postcode) { return in_order(system.postcodes, &Postcode::postcode, postcode); }

const Practice* find_practice(const System& system, std::string_view code) { return in_order(system.practices, &Practice::code, code); }

const Network* find_network(const System& system, std::string_view id) { return first_with(system.networks, &Network::id, id); }

const Organisation* find_organisation(const System& system, std::string_view id) { return first_with(system.organisations, &Organisation::id, id); }

const Body* find_body(const System& system, std::string_view id) { return first_with(system.bodies, &Body::id, id); }

const Service* find_service(const System& system, std::string_view id) { return first_with(system.services, &Service::id, id); }

const StrategyItem* find_priority(const System& system, std::string_view id) { return first_with(system.strategy.priorities, &StrategyItem::id, id); }

const Organisation* find_organisation_by_code(const System& system, std::string_view code, Date on) {
  const Organisation* last = nullptr;
  for (const Organisation& one : system.organisations) {
    if (one.code != code) continue;
    const bool begun = !one.opened || *one.opened <= on;
    const bool ended = one.closed && *one.closed < on;
    if (begun && !ended) return &one;
    if (begun && (last == nullptr || !last->closed || (one.closed && *one.closed > *last->closed))) last = &one;
  }
  return last;
}

std::optional<double> find_published(const System& system, std::string_view table, std::string_view place, std::string_view group) {
  const auto wanted = std::tie(table, place, group);
  const auto at = std::lower_bound(system.published.begin(), system.published.end(), wanted, [](const PublishedFigure& f, const auto& key) {
    return std::tuple<std::string_view, std::string_view, std::string_view>(f.table, f.place, f.group) < key;
  });
  if (at == system.published.end() || at->table != table || at->place != place || at->group != group) return std::nullopt;
  return at->value;
}

int deprivation_decile(const System& system, const SmallArea& area, std::string_view version) {
  for (std::size_t i = 0; i < system.deprivation_indices.size() && i < area.deciles.size(); ++i) {
    if (system.deprivation_indices[i].version == version) return area.deciles[i];
  }
  return 0;
}

int deprivation_fifth(const System& system, const SmallArea& area, std::string_view version) { return (deprivation_decile(system, area, version) + 1) / 2; }

// Outward part: one or two letters, a digit, then at most one letter or digit; inward: digit and two letters.
std::string normal_postcode(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (c == ' ') continue;
    packed += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (packed.size() > 7) return {};
  }
  if (packed.size() < 5) return {};
  const std::size_t split = packed.size() - 3;
  const std::string_view out = std::string_view(packed).substr(0, split), in = std::string_view(packed).substr(split);
  if (!is_digit(in[0]) || !is_letter(in[1]) || !is_letter(in[2]) || !is_letter(out[0])) return {};
  std::size_t at = is_letter(out[1]) ? 2 : 1;
  if (at >= out.size() || !is_digit(out[at])) return {};
  ++at;
  if (at < out.size() && !is_letter(out[at]) && !is_digit(out[at])) return {};
  if (at + 1 < out.size()) return {};
  return std::string(out) + ' ' + std::string(in);
}

}  // namespace catchment::system
