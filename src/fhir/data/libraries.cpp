#include "fhir/data/libraries.h"

#include "fhir/data/files.h"
#include "json/json.h"

namespace catchment::fhir {

std::string from_base64(std::string_view text) {
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    else if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    else if (c >= '0' && c <= '9') value = c - '0' + 52;
    else if (c == '+' || c == '-') value = 62;
    else if (c == '/' || c == '_') value = 63;
    else if (c == '=') break;
    if (value < 0) continue;
    buffer = (buffer << 6) | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((buffer >> bits) & 0xFF);
    }
  }
  return out;
}

namespace {
void add_library(json::Value resource, const std::string& file, cql::Libraries& libraries) {
  if (resource["resourceType"].string() == "Bundle") {
    for (const json::Value entry : resource["entry"]) add_library(entry["resource"], file, libraries);
    return;
  }
  if (resource["resourceType"].string() != "Library") return;
  for (const json::Value content : resource["content"]) {
    if (content["contentType"].string().starts_with("text/cql") && content["contentType"].string().find("identifier") == std::string_view::npos) {
      std::string name = file;
      if (const std::string_view own = resource["name"].string(); !own.empty()) name += "#" + std::string(own);
      libraries.add({name, from_base64(content["data"].string())});
    }
  }
}
}  // namespace

void read_library_json(const std::string& bytes, const std::string& file, cql::Libraries& libraries, Diagnostics& diagnostics) {
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(bytes, fault);
  if (!document) {
    diagnostics.push_back({file, 0, 0, Severity::warning, "not JSON: " + fault.message, "leave the file out"});
    return;
  }
  add_library(document->root(), file, libraries);
}

void read_libraries(const std::filesystem::path& path, cql::Libraries& libraries, Diagnostics& diagnostics) {
  const auto files = files_under(path, {".cql", ".json"});
  // A .cql file beside a Library resource of the same text wins: its positions are the author's.
  for (const auto& file : files) {
    if (file.extension() == ".json") read_library_json(read_file(file), file.string(), libraries, diagnostics);
  }
  for (const auto& file : files) {
    if (file.extension() == ".cql") libraries.add({file.string(), read_file(file)});
  }
}

void read_models(const std::filesystem::path& path, cql::Models& models, Diagnostics& diagnostics) {
  for (const auto& file : files_under(path, {".xml"})) {
    const std::string bytes = read_file(file);
    if (bytes.find("modelInfo") == std::string::npos) continue;
    models.add(bytes, file.string(), diagnostics);
  }
}

}  // namespace catchment::fhir
