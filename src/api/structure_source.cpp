// Who is who: bodies and organisations, the lines between them, strategy and services.
#include <fmt/core.h>

#include <algorithm>
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
    case Kind::national_body: case Kind::regulator: return "nation";
    case Kind::care_board: case Kind::clinical_commissioning_group: case Kind::sub_board_location: return "system";
    case Kind::council: case Kind::healthwatch: return "place";
    case Kind::general_practice: return "neighbourhood";
    default: return "provider";
  }
}

std::vector<std::string> roles_of(const system::Organisation& organisation) {
  using Kind = system::OrganisationKind;
  switch (organisation.kind) {
    case Kind::care_board: case Kind::clinical_commissioning_group: return {"decides", "pays"};
    case Kind::council: return {"decides", "pays", "provides", "scrutinises"};
    case Kind::healthwatch: return {"represents", "scrutinises"};
    case Kind::national_body: return {"decides", "pays"};
    case Kind::regulator: return {"regulates"};
    case Kind::sub_board_location: case Kind::other: return {};
    default: return {"provides"};
  }
}

BodyInfo body_info(const system::Body& body, std::int64_t order) {
  BodyInfo info;
  info.id = body.id;
  info.name = body.name;
  info.short_name = body.short_name.empty() ? body.name : body.short_name;
  info.kind = body.kind;
  info.level = body.level;
  info.order = order;
  info.what_it_is_for = body.purpose;
  if (!body.decides.empty()) info.roles.emplace_back("decides");
  if (!body.pays.empty()) info.roles.emplace_back("pays");
  if (!body.provides.empty()) info.roles.emplace_back("provides");
  if (!body.scrutinises.empty()) info.roles.emplace_back("scrutinises");
  if (!body.place.empty()) info.places.push_back(body.place);
  info.opened = body.established;
  info.closed = body.ended;
  info.expected = body.expected;
  for (const auto& seat : body.seats) {
    SeatInfo place{seat.title, std::nullopt, seat.from.empty() ? Text{} : Text{seat.from}, seat.votes, std::nullopt};
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

std::vector<BodyInfo> SnapshotSource::bodies(Date on) const {
  std::vector<BodyInfo> all;
  std::int64_t order = 0;
  for (const auto* body : system::bodies_on(definitions_->system, on)) all.push_back(body_info(*body, order++));
  for (const auto* organisation : system::organisations_on(definitions_->system, on))
    if (organisation->in_area || organisation->kind == system::OrganisationKind::national_body) all.push_back(body_info(*organisation, order++));
  return all;
}

Structure SnapshotSource::structure(const Day& on, const Filter&) const {
  Structure structure;
  structure.as_of = on.value_or(today());
  structure.levels = {{"neighbourhood", "Neighbourhoods", "Where residents live, and the practices they are registered with"},
                      {"provider", "Providers", "Hospitals, community, mental health and ambulance services, and the voluntary sector"},
                      {"place", "Places", "Councils, place partnerships and health and wellbeing boards"},
                      {"system", "The whole area", "The care board, which pays, and the care partnership, which sets the strategy"},
                      {"nation", "The nation", "Government, NHS England and the regulators"}};
  structure.bodies = bodies(structure.as_of);
  std::set<std::string> standing;
  for (const auto& body : structure.bodies) standing.insert(body.id);
  for (const auto& link : definitions_->system.body_links)
    if (standing.contains(link.from) && standing.contains(link.to))
      structure.relations.push_back({link.from, link.to, relation_kind(link.kind), link.sentence, std::nullopt, std::nullopt});
  const auto count = [&](std::string_view level) {
    return std::count_if(structure.bodies.begin(), structure.bodies.end(), [&](const auto& body) { return body.level == level; });
  };
  structure.sentence = fmt::format("{} bodies stand between a resident and the nation: {} for the places, {} for the whole area, {} that give care.",
                                   structure.bodies.size(), count("place"), count("system"), count("provider"));
  return structure;
}

std::optional<BodyDetail> SnapshotSource::body(const std::string& id, const Filter&) const {
  BodyDetail detail;
  const auto* body = system::find_body(definitions_->system, id);
  const auto* organisation = system::find_organisation(definitions_->system, id);
  if (body != nullptr) detail.body = body_info(*body, 0);
  else if (organisation != nullptr) detail.body = body_info(*organisation, 0);
  else return std::nullopt;
  if (!detail.body.what_it_is_for.empty()) detail.sentences.push_back(detail.body.what_it_is_for);
  if (body != nullptr)
    for (const auto* sentence : {&body->decides, &body->pays, &body->provides, &body->scrutinises})
      if (!sentence->empty()) detail.sentences.push_back(*sentence);
  std::set<std::string> neighbours;
  for (const auto& link : definitions_->system.body_links) {
    if (link.from != id && link.to != id) continue;
    detail.relations.push_back({link.from, link.to, relation_kind(link.kind), link.sentence, std::nullopt, std::nullopt});
    neighbours.insert(link.from == id ? link.to : link.from);
    if (!link.sentence.empty()) detail.sentences.push_back(link.sentence);
  }
  for (const auto& neighbour : neighbours) {
    if (const auto* other = system::find_body(definitions_->system, neighbour)) detail.neighbours.push_back(body_info(*other, 0));
    else if (const auto* legal = system::find_organisation(definitions_->system, neighbour)) detail.neighbours.push_back(body_info(*legal, 0));
  }
  const std::string legal_id = body != nullptr ? body->organisation : id;
  std::set<std::string> priorities;
  for (const auto& service : definitions_->system.services) {
    const bool gives = !legal_id.empty() && std::find(service.providers.begin(), service.providers.end(), legal_id) != service.providers.end();
    if (!gives && (legal_id.empty() || service.commissioner != legal_id)) continue;
    detail.services.push_back(service_info(service));
    priorities.insert(service.priorities.begin(), service.priorities.end());
  }
  for (const auto& priority : priorities)
    if (const auto* item = system::find_priority(definitions_->system, priority)) detail.priorities.push_back({item->id, item->title});
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
    info.commissioner = service.commissioner;
    info.commissioner_name = name_of(service.commissioner);
  }
  std::set<std::string> places;
  for (const auto& id : service.providers) {
    const auto* organisation = system::find_organisation(definitions_->system, id);
    if (organisation == nullptr) continue;
    info.providers.push_back({std::string(system::to_string(organisation->kind)), id, organisation->name});
    places.insert(organisation->places.begin(), organisation->places.end());
  }
  if (service.providers.empty())
    for (const auto kind : service.provider_kinds) info.providers.push_back({std::string(system::to_string(kind)), std::nullopt, std::string(system::to_string(kind))});
  return info;
}

std::optional<ServiceList> SnapshotSource::services(const Text& place, const Filter&) const {
  if (!known_place(place)) return std::nullopt;
  ServiceList list;
  for (const auto& service : definitions_->system.services) {
    bool here = !place || service.providers.empty();
    for (const auto& id : service.providers) {
      const auto* organisation = system::find_organisation(definitions_->system, id);
      here = here || (organisation != nullptr && (organisation->places.empty() || std::find(organisation->places.begin(), organisation->places.end(), *place) != organisation->places.end()));
    }
    if (here) list.services.push_back(service_info(service));
  }
  list.sentence = fmt::format("{} services are commissioned{}.", list.services.size(), place ? " for " + place_name(place) : "");
  return list;
}

}  // namespace catchment::api
