#include "cql/types/type.h"

#include <algorithm>
#include <array>

namespace catchment::cql {

struct Type::Detail {
  std::vector<Type> types;
  std::vector<TupleElement> elements;
  std::string name;
};

namespace {
struct SystemName {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array<SystemName, 16> system_names{{{"Any", TypeKind::any},
                                                   {"Boolean", TypeKind::boolean},
                                                   {"Integer", TypeKind::integer},
                                                   {"Long", TypeKind::long_integer},
                                                   {"Decimal", TypeKind::decimal},
                                                   {"String", TypeKind::string},
                                                   {"Date", TypeKind::date},
                                                   {"DateTime", TypeKind::date_time},
                                                   {"Time", TypeKind::time},
                                                   {"Quantity", TypeKind::quantity},
                                                   {"Ratio", TypeKind::ratio},
                                                   {"Code", TypeKind::code},
                                                   {"Concept", TypeKind::concept_},
                                                   {"Vocabulary", TypeKind::vocabulary},
                                                   {"ValueSet", TypeKind::value_set},
                                                   {"CodeSystem", TypeKind::code_system}}};
}  // namespace

Type Type::list(Type element) {
  Type type(TypeKind::list);
  auto detail = std::make_shared<Detail>();
  detail->types.push_back(std::move(element));
  type.detail_ = std::move(detail);
  return type;
}

Type Type::interval(Type point) {
  Type type = list(std::move(point));
  type.kind_ = TypeKind::interval;
  return type;
}

Type Type::tuple(std::vector<TupleElement> elements) {
  std::sort(elements.begin(), elements.end(), [](const TupleElement& a, const TupleElement& b) { return a.name < b.name; });
  Type type(TypeKind::tuple);
  auto detail = std::make_shared<Detail>();
  detail->elements = std::move(elements);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::choice(const std::vector<Type>& alternatives) {
  auto detail = std::make_shared<Detail>();
  auto add = [&detail](const Type& type) {
    if (std::find(detail->types.begin(), detail->types.end(), type) == detail->types.end()) { detail->types.push_back(type); }
  };
  for (const Type& alternative : alternatives) {
    if (alternative.is_choice()) {
      for (const Type& inner : alternative.alternatives()) add(inner);
    } else {
      add(alternative);
    }
  }
  if (detail->types.empty()) return any();
  if (detail->types.size() == 1) return detail->types.front();
  Type type(TypeKind::choice);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::named(std::string qualified_name) {
  Type type(TypeKind::named);
  auto detail = std::make_shared<Detail>();
  detail->name = std::move(qualified_name);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::variable(std::string name) {
  Type type = named(std::move(name));
  type.kind_ = TypeKind::variable;
  return type;
}

bool Type::is_generic() const {
  if (is_variable()) return true;
  if (!detail_) return false;
  return std::any_of(detail_->types.begin(), detail_->types.end(), [](const Type& t) { return t.is_generic(); }) ||
      std::any_of(detail_->elements.begin(), detail_->elements.end(), [](const TupleElement& e) { return e.type.is_generic(); });
}

const Type& Type::element() const { return detail_->types.front(); }
const std::vector<Type>& Type::alternatives() const { return detail_->types; }
const std::vector<TupleElement>& Type::elements() const { return detail_->elements; }
const std::string& Type::name() const { return detail_->name; }

const Type* Type::element(std::string_view name) const {
  for (const TupleElement& element : detail_->elements) {
    if (element.name == name) return &element.type;
  }
  return nullptr;
}

bool operator==(const Type& a, const Type& b) {
  if (a.kind_ != b.kind_) return false;
  if (a.detail_ == b.detail_) return true;
  if (!a.detail_ || !b.detail_) return false;
  if (a.kind_ == TypeKind::choice) {
    const auto& left = a.detail_->types;
    const auto& right = b.detail_->types;
    return left.size() == right.size() &&
        std::all_of(left.begin(), left.end(), [&right](const Type& type) { return std::find(right.begin(), right.end(), type) != right.end(); });
  }
  return a.detail_->name == b.detail_->name && a.detail_->types == b.detail_->types && a.detail_->elements == b.detail_->elements;
}

std::string to_string(const Type& type) {
  auto join = [](const std::vector<Type>& types) {
    std::string text;
    for (const Type& t : types) text += (text.empty() ? "" : ", ") + to_string(t);
    return text;
  };
  switch (type.kind()) {
    case TypeKind::list: return "List<" + to_string(type.element()) + ">";
    case TypeKind::interval: return "Interval<" + to_string(type.element()) + ">";
    case TypeKind::choice: return "Choice<" + join(type.alternatives()) + ">";
    case TypeKind::named:
    case TypeKind::variable: return type.name();
    case TypeKind::tuple: {
      std::string text;
      for (const TupleElement& e : type.elements()) text += (text.empty() ? "" : ", ") + e.name + " " + to_string(e.type);
      return text.empty() ? "Tuple { }" : "Tuple { " + text + " }";
    }
    default:
      for (const SystemName& entry : system_names) {
        if (entry.kind == type.kind()) return std::string(entry.name);
      }
      return "Any";
  }
}

std::optional<Type> system_type(std::string_view name) {
  if (name.starts_with("System.")) name.remove_prefix(7);
  for (const SystemName& entry : system_names) {
    if (entry.name == name) return Type(entry.kind);
  }
  return std::nullopt;
}

}  // namespace catchment::cql
