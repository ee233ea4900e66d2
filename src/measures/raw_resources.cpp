#include "measures/raw_resources.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "db/db.h"
#include "fhir/data/json_object.h"
#include "json/json.h"
#include "measures/sql.h"

namespace catchment::measures {

struct RawResources::State {
  explicit State(const records::SnapshotFiles& files) : identity(files.identity(), reading(files)) {}
  static db::DuckOptions reading(const records::SnapshotFiles& files) {
    db::DuckOptions options;
    options.read_only = true;
    options.memory_limit = "512MB";
    options.temporary_directory = files.folder / "spill";
    return options;
  }
  mutable db::Duck identity;
};

RawResources::RawResources(const records::SnapshotFiles& files) : state_(std::make_unique<State>(files)) {}
RawResources::~RawResources() = default;

struct RawResources::Reader::State {
  explicit State(db::Connection c) : connection(std::move(c)) {}

  struct Resource {
    std::string json;
    std::optional<json::Document> document;  // once asked for; without a root when it is no JSON
    cql::Value object;
  };

  void look_up() {
    looked_up = true;
    db::Rows rows = connection.stream(sql::resources_of_person, {person.value});
    db::Chunk chunk;
    while (rows.next(chunk))
      for (std::size_t row = 0; row < chunk.rows(); ++row) resources[{chunk.integer(0, row), chunk.integer(1, row)}].json = std::string(chunk.text(2, row));
  }

  db::Connection connection;
  json::Parser parser;
  fhir::TypeNames names;
  PersonId person;
  bool looked_up = false;
  std::map<std::pair<std::int64_t, std::int64_t>, Resource> resources;  // of the person, by source and line
};

RawResources::Reader::Reader(const RawResources& resources) : state_(std::make_unique<State>(resources.state_->identity.connect())) {}
RawResources::Reader::~Reader() = default;

void RawResources::Reader::begin(PersonId person) {
  state_->person = person;
  state_->looked_up = false;
  state_->resources.clear();
}

cql::Value RawResources::Reader::element(SourceId source, std::int64_t line, std::string_view resource_type, std::string_view key, std::string_view type) {
  State& s = *state_;
  if (s.person.value <= 0) return {};
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
