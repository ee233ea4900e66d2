#include "measures/sent_resources.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "fhir/fhir.h"
#include "json/json.h"

namespace catchment::measures {

namespace {

/// Elements that may name the resident: what the row is about, and free text.
constexpr std::array<std::string_view, 5> naming{"subject", "patient", "contained", "text", "note"};

}  // namespace

struct SentResources::State {
  State(const records::Snapshot& s, const records::RowFilter& f) : snapshot(s), filter(f) {}

  struct Resource {
    std::string json;
    std::optional<json::Document> document;  // once asked for; without a root when it is no JSON
    cql::Value object;
  };

  void look_up() {
    looked_up = true;
    for (records::SentResource& one : snapshot.resources(person, filter)) resources[{one.source.value, one.line}].json = std::move(one.json);
  }

  const records::Snapshot& snapshot;
  const records::RowFilter& filter;
  json::Parser parser;
  fhir::TypeNames names;
  PersonId person;
  bool looked_up = false;
  std::map<std::pair<std::int32_t, std::int64_t>, Resource> resources;  // of the person, by source and line
};

SentResources::SentResources(const records::Snapshot& snapshot, const records::RowFilter& filter) : state_(std::make_unique<State>(snapshot, filter)) {}
SentResources::~SentResources() = default;

void SentResources::begin(PersonId person) {
  state_->person = person;
  state_->looked_up = false;
  state_->resources.clear();
}

cql::Value SentResources::element(SourceId source, std::int64_t line, std::string_view resource_type, std::string_view key, std::string_view type) {
  State& s = *state_;
  if (s.person.value <= 0 || std::find(naming.begin(), naming.end(), key) != naming.end()) return {};
  if (!s.looked_up) s.look_up();
  const auto found = s.resources.find({source.value, line});
  if (found == s.resources.end()) return {};
  State::Resource& resource = found->second;
  if (!resource.document) {
    json::Fault fault;
    resource.document = s.parser.parse(resource.json, fault);
    if (!resource.document) resource.document.emplace();
    else if (const json::Value root = resource.document->root(); root["resourceType"].string() == resource_type)
      resource.object = cql::Value::object(new fhir::JsonObject(root, "FHIR." + std::string(resource_type), s.names));
  }
  return resource.object.is_null() ? cql::Value() : resource.object.as_object().element(key, type);
}

}  // namespace catchment::measures
