// Who is who: bodies and organisations, the lines between them, strategy and services.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

/// The words of the definition files as the words of the API.
std::string relation_kind(const std::string& kind) {
  if (kind == "sets_strategy_for") return "delegates_to";
  if (kind == "appointed_by" || kind == "part_of") return "member_of";
  if (kind == "delivers_for") return "provides_for";
  return kind;  // answers_to, pays, scrutinises, advises, succeeded_by
}

std::string level_of(const system::Organisation& organisation) {
  using Kind = system::OrganisationKind;
  switch (organisation.kind) {
    case Kind::national_body:
    case Kind::regulator: return "nation";
    case Kind::care_board:
    case Kind::clinical_commissioning_group:
    case Kind::sub_board_location: return "system";
    case Kind::council:
    case Kind::healthwatch: return "place";
    case Kind::general_practice: return "neighbourhood";
    default: return "provider";
  }
}

std::vector<std::string> roles_of(const system::Organisation& organisation) {
  using Kind = system::OrganisationKind;
  switch (organisation.kind) {
    case Kind::care_board:
    case Kind::clinical_commissioning_group: return {"decides", "pays"};
    case Kind::council: return {"decides", "pays", "provides", "scrutinises"};
    case Kind::healthwatch: return {"represents", "scrutinises"};
    case Kind::national_body: return {"decides", "pays"};
    case Kind::regulator: return {"regulates"};
    case Kind::sub_board_location:
    case Kind::other: return {};
    default: return {"provides"};
  }
}

BodyInfo body_info(const system::System& system, const system::Body& body, std::int64_t order) {
  BodyInfo info;
  info.id = body.id;
  info.name = body.name;
  info.short_name = body.short_name.empty() ? body.name : body.short_name;
  info.kind = body.kind;
  info.level = body.level;
  info.order = order;
  info.what_it_is_for = body.purpose;
  const auto role = [&](const char* word, const std::string& sentence, Text& said) {
    if (sentence.empty()) return;
    info.roles.emplace_back(word);
    said = sentence;
  };
  role("decides", body.decides, info.decides);
  role("pays", body.pays, info.pays);
  role("provides", body.provides, info.provides);
  role("scrutinises", body.scrutinises, info.scrutinises);
  if (!body.place.empty()) info.places.push_back(body.place);
  info.opened = body.established;
  info.closed = body.ended;
  info.expected = body.expected;
  if (const auto* legal = body.organisation.empty() ? nullptr : system::find_organisation(system, body.organisation)) {
    info.core_partner = legal->core_partner;
    if (!legal->code.empty()) info.code = legal->code;
    if (info.places.empty()) info.places = legal->places;
  }
  for (const auto& seat : body.seats) {
    const auto* from = system::find_organisation(system, seat.from);
    SeatInfo place{seat.title, std::nullopt, seat.from.empty() ? Text{} : Text{from != nullptr ? from->name : seat.from}, seat.votes, std::nullopt};
    if (seat.chair) place.note = "chair";
    if (seat.count > 1) place.note = (seat.chair ? "chair; " : "") + std::to_string(seat.count) + " seats";
    info.seats.push_back(std::move(place));
  }
  return info;
}

BodyInfo body_info(const system::Organisation& organisation, std::int64_t order) {
  BodyInfo info;
  info.id = organisation.id;
  info.name = organisation.name;
  info.short_name = organisation.short_name.empty() ? organisation.name : organisation.short_name;
  info.kind = std::string(system::to_string(organisation.kind));
  info.level = level_of(organisation);
  info.order = order;
  info.what_it_is_for = organisation.description;
  info.roles = roles_of(organisation);
  info.places = organisation.places;
  info.core_partner = organisation.core_partner;
  info.opened = organisation.opened;
  info.closed = organisation.closed;
  info.expected = organisation.expected;
  if (!organisation.code.empty()) info.code = organisation.code;
  return info;
}

PriorityInfo priority_info(const system::StrategyItem& item, std::string_view kind, const std::string& owner, const system::Strategy& strategy) {
  PriorityInfo info{item.id, item.title, std::string(kind), item.aim, owner.empty() ? Text{} : Text{owner}, {}};
  for (const auto& focus : item.focus) {
    FocusAreaInfo area{focus.id, focus.title, focus.description, {}};
    if (strategy.first_thread && strategy.first_thread->priority == item.id && strategy.first_thread->focus == focus.id)
      area.measures.push_back({strategy.first_thread->measure, strategy.first_thread->title, "percent", "measure"});
    info.focus_areas.push_back(std::move(area));
  }
  return info;
}

}  // namespace

std::string SnapshotSource::name_of(std::string_view id) const {
  if (const auto* body = system::find_body(definitions_->system, id)) return body->name;
  if (const auto* organisation = system::find_organisation(definitions_->system, id)) return organisation->name;
  return std::string(id);
}

/// An organisation governed by a body stands in the picture once, as that body: a council is its councillors and its staff.
std::string SnapshotSource::standing_for(const std::string& id) const {
  for (const auto& body : definitions_->system.bodies)
    if (body.organisation == id) return body.id;
  return id;
}

std::vector<BodyInfo> SnapshotSource::bodies(Date on) const {
  const auto& system = definitions_->system;
  std::vector<BodyInfo> all;
  std::int64_t order = 0;
  const auto begun = [&](const Day& opened) { return !opened || *opened <= on; };
  const auto keep = [&](BodyInfo info) {
    if (info.closed && *info.closed >= on) info.closed.reset();  // its end is known, and has not come
    all.push_back(std::move(info));
  };
  for (const auto& body : system.bodies)
    if (begun(body.established)) keep(body_info(system, body, order++));
  for (const auto& organisation : system.organisations) {
    using Kind = system::OrganisationKind;
    const bool drawn = (organisation.in_area || organisation.kind == Kind::national_body || organisation.kind == Kind::regulator) &&
        organisation.kind != Kind::sub_board_location;
    if (drawn && begun(organisation.opened) && standing_for(organisation.id) == organisation.id) keep(body_info(organisation, order++));
  }
  return all;
}

Structure SnapshotSource::structure(const Day& on, const Filter&) const {
  Structure structure;
  structure.as_of = on.value_or(today());
  structure.levels = {{"neighbourhood", "Neighbourhoods", "Teams and practices near where residents live"},
                      {"provider", "Providers", "Those who give care: hospitals, community, mental health and ambulance services, and the voluntary sector"},
                      {"place", "Places", "Councils, their health and wellbeing boards, place partnerships, and Healthwatch, which speaks for residents"},
                      {"system", "The whole area", "The care board, which pays, and the care partnership, which sets the strategy"},
                      {"nation", "The nation", "Government, NHS England and the regulators"}};
  structure.bodies = bodies(structure.as_of);
  std::set<std::string> standing;
  for (const auto& body : structure.bodies) standing.insert(body.id);
  for (const auto& link : definitions_->system.body_links) {
    const std::string from = standing_for(link.from), to = standing_for(link.to);
    if (standing.contains(from) && standing.contains(to))
      structure.relations.push_back({from, to, relation_kind(link.kind), link.sentence, std::nullopt, std::nullopt});
  }
  const auto count = [&](std::string_view level) {
    return std::count_if(structure.bodies.begin(), structure.bodies.end(), [&](const auto& body) { return body.level == level && !body.closed; });
  };
  structure.sentence =
      fmt::format("{} give care, {} for one place, {} for the whole area and {} for the nation: what each is for, and who decides, pays and scrutinises.",
                  number_of(count("provider") + count("neighbourhood"), "body", "bodies"), number_of(count("place"), "works", "work"),
                  number_of(count("system"), "works", "work"), number_of(count("nation"), "works", "work"));
  structure.sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(structure.sentence[0])));
  return structure;
}

std::optional<BodyDetail> SnapshotSource::body(const std::string& asked, const Filter&) const {
  const auto& system = definitions_->system;
  const std::string id = standing_for(asked);
  BodyDetail detail;
  const auto* body = system::find_body(system, id);
  const auto* organisation = system::find_organisation(system, id);
  if (body != nullptr) detail.body = body_info(system, *body, 0);
  else if (organisation != nullptr) detail.body = body_info(*organisation, 0);
  else return std::nullopt;
  if (!detail.body.what_it_is_for.empty()) detail.sentences.push_back(detail.body.what_it_is_for);
  std::set<std::string> neighbours;
  for (const auto& link : system.body_links) {
    const std::string from = standing_for(link.from), to = standing_for(link.to);
    if (from != id && to != id) continue;
    detail.relations.push_back({from, to, relation_kind(link.kind), link.sentence, std::nullopt, std::nullopt});
    neighbours.insert(from == id ? to : from);
  }
  for (const auto& neighbour : neighbours) {
    if (const auto* other = system::find_body(system, neighbour)) detail.neighbours.push_back(body_info(system, *other, 0));
    else if (const auto* legal = system::find_organisation(system, neighbour)) detail.neighbours.push_back(body_info(*legal, 0));
  }
  const std::string legal_id = body != nullptr ? body->organisation : id;
  std::set<std::string> priorities;
  for (const auto& service : system.services) {
    const bool gives = !legal_id.empty() && std::find(service.providers.begin(), service.providers.end(), legal_id) != service.providers.end();
    if (!gives && (legal_id.empty() || service.commissioner != legal_id)) continue;
    detail.services.push_back(service_info(service));
    priorities.insert(service.priorities.begin(), service.priorities.end());
  }
  for (const auto& priority : priorities)
    if (const auto* item = system::find_priority(system, priority)) detail.priorities.push_back({item->id, item->title});
  return detail;
}

StrategyPage SnapshotSource::strategy(const Filter&) const {
  const auto& strategy = definitions_->system.strategy;
  StrategyPage page;
  page.title = strategy.title;
  page.sentence = strategy.vision;
  for (const auto& item : strategy.priorities) page.priorities.push_back(priority_info(item, "priority", strategy.approved_by, strategy));
  for (const auto& item : strategy.enablers) page.enablers.push_back(priority_info(item, "enabler", strategy.approved_by, strategy));
  return page;
}

ServiceInfo SnapshotSource::service_info(const system::Service& service) const {
  ServiceInfo info{service.id, service.name, service.group, service.description, std::nullopt, std::nullopt, {}, {}};
  if (service.commissioner == "councils") {
    info.commissioner_name = "Each council in its own area";
  } else if (!service.commissioner.empty()) {
    info.commissioner = standing_for(service.commissioner);
    info.commissioner_name = name_of(service.commissioner);
  }
  std::set<std::string> places;
  for (const auto& id : service.providers) {
    const auto* organisation = system::find_organisation(definitions_->system, id);
    if (organisation == nullptr) continue;
    info.providers.push_back({std::string(system::to_string(organisation->kind)), standing_for(id), organisation->name});
    places.insert(organisation->places.begin(), organisation->places.end());
  }
  if (service.providers.empty())
    for (const auto kind : service.provider_kinds)
      info.providers.push_back({std::string(system::to_string(kind)), std::nullopt, std::string(system::to_string(kind))});
  return info;
}

std::optional<ServiceList> SnapshotSource::services(const Text& place, const Filter&) const {
  if (!known_place(place)) return std::nullopt;
  ServiceList list;
  for (const auto& service : definitions_->system.services) {
    bool here = !place || service.providers.empty();
    for (const auto& id : service.providers) {
      const auto* organisation = system::find_organisation(definitions_->system, id);
      here = here ||
          (organisation != nullptr &&
           (organisation->places.empty() || std::find(organisation->places.begin(), organisation->places.end(), *place) != organisation->places.end()));
    }
    if (here) list.services.push_back(service_info(service));
  }
  list.sentence = fmt::format("{} services are commissioned{}.", list.services.size(), place ? " for " + place_name(place) : "");
  return list;
}

}  // namespace catchment::api
