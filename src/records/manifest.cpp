#include "records/manifest.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "base/error.h"
#include "json/json.h"

namespace catchment::records {
namespace {

void write_hashes(json::Writer& writer, std::string_view name, const std::vector<FileHash>& files) {
  writer.key(name).begin_array();
  for (const FileHash& file : files) writer.begin_object().key("path").string(file.path).key("sha256").string(file.sha256).end_object();
  writer.end_array();
}

std::vector<FileHash> read_hashes(json::Value list) {
  std::vector<FileHash> files;
  for (const json::Value file : list) files.push_back({std::string(file["path"].string()), std::string(file["sha256"].string())});
  return files;
}

constexpr const char* rebuild = "rebuild it: catchment build --workspace DIR";

}  // namespace

std::string to_json(const Manifest& m) {
  json::Writer writer;
  writer.begin_object();
  writer.key("format").integer(m.format);
  writer.key("conflict_rule").integer(m.rule);
  writer.key("product_version").string(m.product_version);
  writer.key("id").string(m.id);
  writer.key("system").string(m.system);
  writer.key("system_name").string(m.system_name);
  writer.key("synthetic").boolean(m.synthetic);
  writer.key("represented_population").integer(m.represented_population);
  writer.key("as_of").string(to_string(m.as_of));
  writer.key("built_at").string(to_string(m.built_at));
  writer.key("content_hash").string(m.content_hash);
  writer.key("definitions_hash").string(m.definitions_hash);
  writer.key("extracts_hash").string(m.extracts_hash);
  writer.key("persons").integer(m.persons);
  write_hashes(writer, "definitions", m.definitions);
  write_hashes(writer, "extracts", m.extracts);
  writer.end_object();
  return writer.take() + "\n";
}

Manifest read_manifest(const std::filesystem::path& folder) {
  std::ifstream file(folder / "manifest.json", std::ios::binary);
  const std::string name = folder.filename().string();
  if (!file) throw Error(ErrorKind::environment, fmt::format("snapshot {} has no readable manifest.json", name), rebuild);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(bytes, fault);
  if (!document || !document->root().is_object()) throw Error(ErrorKind::environment, fmt::format("manifest.json of snapshot {} is damaged", name), rebuild);
  const json::Value root = document->root();
  Manifest m;
  m.format = static_cast<int>(root["format"].integer().value_or(0));
  if (m.format != snapshot_format)
    throw Error(ErrorKind::environment, fmt::format("snapshot {} has format {}; this program reads format {}", name, m.format, snapshot_format), rebuild);
  const auto text = [&](std::string_view key) { return std::string(root[key].string()); };
  m.rule = static_cast<int>(root["conflict_rule"].integer().value_or(conflict_rule));
  m.product_version = text("product_version");
  m.id = text("id");
  m.system = text("system");
  m.system_name = text("system_name");
  m.synthetic = root["synthetic"].boolean();
  m.represented_population = root["represented_population"].integer().value_or(0);
  m.as_of = Date::parse(text("as_of")).value_or(Date{});
  m.built_at = Instant::parse(text("built_at")).value_or(Instant{});
  m.content_hash = text("content_hash");
  m.definitions_hash = text("definitions_hash");
  m.extracts_hash = text("extracts_hash");
  m.persons = root["persons"].integer().value_or(0);
  m.definitions = read_hashes(root["definitions"]);
  m.extracts = read_hashes(root["extracts"]);
  return m;
}

}  // namespace catchment::records
