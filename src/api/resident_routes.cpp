// Residents. Search answers only with handles of this session; every resident shown has an audit row of their own.
#include "api/visitor.h"

namespace catchment::api {

void search_residents(Visitor& visitor) {
  const auto body = visitor.body({"query"}, {"birth_date", "limit"});
  const json::Value root = body.root();
  ResidentAsk ask;
  ask.query = root["query"].string();
  if (ask.query.size() < 2 || ask.query.size() > 100) refuse(400, "bad-request", "Not understood", "query has 2 to 100 characters.");
  if (root.has("birth_date")) {
    const auto text = root["birth_date"].string();
    ask.birth_date = Date::parse(text);
    if (!ask.birth_date || text.size() != 10) refuse(400, "bad-request", "Not understood", "birth_date is a date such as 1961-03-14.");
  }
  if (root.has("limit")) {
    const auto limit = root["limit"].integer();
    if (!limit || *limit < 1 || *limit > 50) refuse(400, "bad-request", "Not understood", "limit is from 1 to 50.");
    ask.limit = *limit;
  }
  ResidentsFound found = visitor.source->search_residents(ask, visitor.filter());
  std::vector<PersonId> persons;
  for (auto& hit : found.hits) {
    hit.handle = access::make_handle(visitor.visit->handle_key, hit.person);
    persons.push_back(hit.person);
  }
  visitor.gate().record_disclosed(visitor.subject(), visitor.object, visitor.admission->audit_row, persons);
  visitor.answer(ResidentHits{std::move(found.hits), found.more, std::move(found.note)});
}

namespace {

template <typename T>
void show(Visitor& visitor, const std::optional<T>& found) {
  if (!found) {
    visitor.gate().record_not_visible(visitor.subject(), visitor.object);
    refuse(404, "not-found", "Not found", std::string(access::sentence(access::Reason::not_visible)), "search for the resident again");
  }
  visitor.answer(*found);
}

}  // namespace

void get_resident(Visitor& visitor) {
  auto record = visitor.source->resident(*visitor.object.person, visitor.filter());
  if (record) record->handle = visitor.parts["handle"];
  show(visitor, record);
}

void get_resident_table(Visitor& visitor) {
  visitor.allow_parameters({"offset", "limit"});
  bool known = false;
  for (const auto& table : records::tables) known = known || table.name == visitor.parts["kind"];
  if (!known) refuse(404, "not-found", "Not found", "There is no such table.");
  show(visitor,
       visitor.source->resident_table(
           *visitor.object.person, {visitor.parts["kind"], visitor.whole_parameter("offset", 0, 1'000'000, 0), visitor.whole_parameter("limit", 1, 1000, 200)},
           visitor.filter()));
}

void get_resident_measures(Visitor& visitor) {
  visitor.allow_parameters({"month"});
  show(visitor, visitor.source->resident_measures(*visitor.object.person, visitor.parameter("month"), visitor.filter()));
}

void get_resident_evidence(Visitor& visitor) {
  visitor.allow_parameters({"month"});
  show(visitor, visitor.source->resident_evidence(*visitor.object.person, visitor.parts["measure"], visitor.parameter("month"), visitor.filter()));
}

}  // namespace catchment::api
