// How an element of a model class is found in stored FHIR JSON.
#include <algorithm>
#include <cctype>

#include "cql/types/checking.h"

namespace catchment::cql {

namespace {

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// JSON suffixes a system type may be stored under in a choice element.
std::vector<std::string> suffixes(const Type& type) {
  switch (type.kind()) {
    case TypeKind::boolean: return {"Boolean"};
    case TypeKind::integer: return {"Integer", "PositiveInt", "UnsignedInt"};
    case TypeKind::long_integer: return {"Integer64"};
    case TypeKind::decimal: return {"Decimal"};
    case TypeKind::string: return {"String", "Code", "Markdown", "Uri", "Url", "Canonical", "Id", "Oid", "Uuid", "Base64Binary"};
    case TypeKind::date: return {"Date"};
    case TypeKind::date_time: return {"DateTime", "Instant"};
    case TypeKind::time: return {"Time"};
    case TypeKind::quantity: return {"Quantity", "Age", "Duration", "Count", "Distance", "Money", "SimpleQuantity"};
    case TypeKind::ratio: return {"Ratio"};
    case TypeKind::code: return {"Coding"};
    case TypeKind::concept_: return {"CodeableConcept"};
    case TypeKind::interval: return type.element().is(TypeKind::quantity) ? std::vector<std::string>{"Range"} : std::vector<std::string>{"Period"};
    default: return {};
  }
}

/// "FHIR.dateTime" gives "DateTime"; "QICore.Timing" gives "Timing"; "FHIR.SimpleQuantity" is stored as Quantity.
std::string suffix_of(const Type& type) {
  std::string name = type.name().substr(type.name().rfind('.') + 1);
  if (name == "SimpleQuantity" || name == "MoneyQuantity") name = "Quantity";
  return capital(name);
}

void add_choice(const std::string& name, const Type& choice, std::vector<PropertyAlternative>& out) {
  for (const Type& alternative : choice.alternatives()) {
    if (alternative.is_named()) {
      out.push_back({name + suffix_of(alternative), alternative});
    } else {
      for (const std::string& suffix : suffixes(alternative)) out.push_back({name + suffix, alternative});
    }
  }
}

/// The path inside "FHIRHelpers.ToConcept(%parent.extension[url='...'].value)", without %parent; "" for %value.
std::string target_path(const std::string& target) {
  const std::size_t at = target.find("%parent.");
  if (at == std::string::npos) return {};
  std::size_t end = at + 8;
  int brackets = 0;
  bool quoted = false;
  for (; end < target.size(); ++end) {
    const char c = target[end];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == '[') ++brackets;
    if (c == ']') --brackets;
    if (brackets == 0 && (c == ')' || c == ';')) break;
  }
  return target.substr(at + 8, end - at - 8);
}

/// Elements that FHIR stores under a name with the type at its end.
bool is_choice_element(std::string_view name) {
  static constexpr std::string_view names[] = {"value",     "effective", "onset",    "abatement", "occurrence", "performed", "medication",    "deceased",
                                               "asNeeded",  "rate",      "serviced", "timing",    "product",    "item",      "age",           "born",
                                               "diagnosis", "procedure", "location", "due",       "start",      "detail",    "multipleBirth", "statusReason",
                                               "reported",  "allowed",   "used",     "subject",   "content",    "author",    "scheduled",     "quantity"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// "System.Concept:FHIRHelpers.ToConcept(%value);System.ValueSet:FHIRHelpers.ToValueSet(%parent.code.extension[...].value)":
/// the alternatives of a choice that have a place of their own, with its path.
std::vector<PropertyAlternative> places_by_type(const std::string& target) {
  std::vector<PropertyAlternative> out;
  std::string_view rest = target;
  while (!rest.empty()) {
    std::size_t end = 0;
    for (bool quoted = false; end < rest.size() && (quoted || rest[end] != ';'); ++end) quoted = quoted != (rest[end] == '\'');
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos || part.substr(0, colon).find_first_of("(%'") != std::string_view::npos) continue;
    const std::string name(part.substr(0, colon));
    const std::string path = target_path(std::string(part.substr(colon + 1)));
    if (!path.empty()) out.push_back({path, system_type(name).value_or(Type::named(name))});
  }
  return out;
}

/// Empty when no alternative has a place of its own.
std::vector<PropertyAlternative> targets_by_type(const ModelElement& element, const Type& type) {
  std::vector<PropertyAlternative> out;
  if (!type.is_choice()) return out;
  const std::vector<PropertyAlternative> places = places_by_type(element.target);
  if (places.empty()) return out;
  const bool suffixed = is_choice_element(element.name) || element.target.find("." + element.name + "[x]") != std::string::npos;
  for (const Type& alternative : type.alternatives()) {
    const auto place = std::find_if(places.begin(), places.end(), [&](const PropertyAlternative& p) { return p.type == alternative; });
    if (place != places.end()) {
      out.push_back(*place);
    } else if (!suffixed) {
      out.push_back({element.name, alternative});
    } else if (alternative.is_named()) {
      out.push_back({element.name + suffix_of(alternative), alternative});
    } else {
      for (const std::string& suffix : suffixes(alternative)) out.push_back({element.name + suffix, alternative});
    }
  }
  return out;
}

}  // namespace

std::vector<PropertyAlternative> stored_as(const TypeSystem& types, const ModelElement& element, bool& repeats) {
  std::vector<PropertyAlternative> out;
  repeats = element.type.is_list();
  const Type type = repeats ? element.type.element() : element.type;
  if (out = targets_by_type(element, type); !out.empty()) return out;
  const std::string path = target_path(element.target);
  if (!path.empty()) {
    if (type.is_choice()) {
      for (const Type& alternative : type.alternatives()) out.push_back({path, alternative});
    } else {
      out.push_back({path, type});
    }
    return out;
  }
  if (type.is_choice()) {
    add_choice(element.name, type, out);
    return out;
  }
  out.push_back({element.name, type});
  // A profile may narrow a choice element to one type: Observation.value as Quantity is stored as valueQuantity.
  if (!is_choice_element(element.name)) return out;
  if (type.is_named()) {
    const std::string suffix = suffix_of(type);
    if (suffix != "Extension" && types.system_form(type)) out.push_back({element.name + suffix, type});
    if (suffix == "Reference") out.push_back({element.name + suffix, type});
  } else {
    for (const std::string& suffix : suffixes(type)) out.push_back({element.name + suffix, type});
  }
  return out;
}

}  // namespace catchment::cql
