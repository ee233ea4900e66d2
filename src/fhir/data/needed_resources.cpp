#include "fhir/data/needed_resources.h"

#include <algorithm>
#include <array>
#include <span>

namespace catchment::fhir {

using cql::Value;

namespace {

constexpr std::size_t most_keys = 8;
constexpr std::size_t most_known = 100'000;

/// Keys that hold the code itself; a slice or a path inside the resource is looked at by the retrieve alone.
bool are_plain(const std::vector<cql::PropertyAlternative>& alternatives) {
  return !alternatives.empty() &&
      std::none_of(alternatives.begin(), alternatives.end(), [](const auto& a) { return a.key.find_first_of(".[") != std::string::npos; });
}

bool is_vocabulary(const Value& value) { return value.is(cql::Kind::value_set) || value.is(cql::Kind::code_system); }

}  // namespace

NeededResources::NeededResources(const cql::Plan& plan, const cql::Request& request) {
  types_.push_back({"Patient", true, {}, {}, {}});
  cql::Context context;
  context.request_time = request.time;
  cql::PlannedRun run(plan, request, context);
  run.begin(nullptr);
  for (const cql::PlannedRetrieve& planned : plan.retrieves()) {
    const cql::Retrieve& retrieve = *planned.node;
    auto found = std::find_if(types_.begin(), types_.end(), [&retrieve](const Type& t) { return t.name == retrieve.resource_type; });
    if (found == types_.end()) found = types_.insert(types_.end(), {retrieve.resource_type, false, {}, {}, {}});
    if (found->whole) continue;
    // A negation row may name a value set instead of a code.
    const bool by_code =
        retrieve.comparison != cql::CodeComparison::none && planned.terminology_is_known && !retrieve.negation && are_plain(retrieve.code_alternatives);
    Value terminology;
    bool known = by_code;
    if (by_code) {
      try {
        terminology = run.terminology_of(planned);
      } catch (const cql::EvaluationError&) {
        known = false;  // the definition will say what is wrong
      }
    }
    if (!known || (is_vocabulary(terminology) && terminology.as_vocabulary().members == nullptr)) {
      found->whole = true;
      continue;
    }
    std::vector<std::string> keys;
    keys.reserve(retrieve.code_alternatives.size());
    for (const cql::PropertyAlternative& alternative : retrieve.code_alternatives) keys.push_back(alternative.key);
    const CodeMatch match(terminology);
    found->codes.push_back({std::move(keys), std::move(terminology), match});
  }
  for (Type& type : types_) {
    for (const Codes& codes : type.codes) {
      for (const std::string& key : codes.keys)
        if (std::find(type.keys.begin(), type.keys.end(), key) == type.keys.end()) type.keys.emplace_back(key);
    }
    type.known.resize(type.keys.size());
  }
}

const NeededResources::Type* NeededResources::type(std::string_view name) const {
  const auto found = std::find_if(types_.begin(), types_.end(), [name](const Type& t) { return t.name == name; });
  return found == types_.end() ? nullptr : &*found;
}

bool NeededResources::any_code(const Type& type, std::string_view key, json::Value coded) {
  return !coded.is_null() && std::any_of(type.codes.begin(), type.codes.end(), [&](const Codes& codes) {
    return std::find(codes.keys.begin(), codes.keys.end(), key) != codes.keys.end() && codes.match.matches(coded);
  });
}

bool NeededResources::needs(json::Value resource) const {
  const Type* asked = type(resource["resourceType"].string());
  if (asked == nullptr || asked->whole) return asked != nullptr;
  return std::any_of(asked->keys.begin(), asked->keys.end(), [&](std::string_view key) { return any_code(*asked, key, resource[key]); });
}

bool NeededResources::needs(std::string_view name, std::string_view text, json::Parser& parser) const {
  const Type* asked = type(name);
  if (asked == nullptr || asked->whole) return asked != nullptr;
  std::array<std::string_view, most_keys> texts;
  if (asked->keys.size() > texts.size() || !parser.members(text, asked->keys, std::span(texts).first(asked->keys.size()))) return true;
  for (std::size_t i = 0; i < asked->keys.size(); ++i) {
    if (texts[i].empty()) continue;
    auto& known = asked->known[i];
    auto found = known.find(texts[i]);
    if (found == known.end()) {
      json::Fault fault;
      const auto element = parser.parse(texts[i], fault);
      if (!element) return true;
      if (known.size() >= most_known) known.clear();
      found = known.emplace(texts[i], any_code(*asked, asked->keys[i], element->root())).first;
    }
    if (found->second) return true;
  }
  return false;
}

}  // namespace catchment::fhir
