#include "cql/values/value.h"

#include <algorithm>
#include <array>

#include "cql/values/evaluation_error.h"

namespace catchment::cql {

namespace {

void freeze_all(const std::vector<Value>& values, bool frozen) {
  for (const Value& value : values) frozen ? value.freeze() : value.thaw();
}

std::uint16_t deepest(const std::vector<Value>& values) {
  std::uint16_t depth = 0;
  for (const Value& value : values) depth = std::max(depth, value.depth());
  return depth;
}

void freeze_one(const Value& value, bool frozen) { frozen ? value.freeze() : value.thaw(); }

}  // namespace

Value Value::nested(Payload* payload, std::uint16_t inside) {
  payload->depth_ = static_cast<std::uint16_t>(std::min(inside + 1, UINT16_MAX));
  return Value(payload);
}

Value Value::decimal(Decimal value, int written_places) {
  Value result;
  result.head_.kind = Kind::decimal;
  result.head_.detail = static_cast<std::uint8_t>(written_places < 0 ? value.significant_places() : written_places);
  const auto bits = static_cast<UInt128>(value.scaled());
  result.words_ = {static_cast<std::uint64_t>(bits), static_cast<std::uint64_t>(bits >> 64)};
  return result;
}

Value Value::string(std::string text) { return Value(new StringPayload(std::move(text))); }

Value Value::quantity(Decimal value, std::string unit) { return Value(new QuantityPayload(value, unit.empty() ? "1" : std::move(unit))); }

Value Value::ratio(Value numerator, Value denominator) { return Value(new RatioPayload(std::move(numerator), std::move(denominator))); }

Value Value::code(std::string code, std::string system, std::string version, std::string display) {
  auto payload = std::make_unique<CodePayload>();
  payload->code = std::move(code);
  payload->system = std::move(system);
  payload->version = std::move(version);
  payload->display = std::move(display);
  return Value(payload.release());
}

Value Value::concept_(std::vector<Value> codes, std::string display) {
  auto payload = std::make_unique<ConceptPayload>();
  payload->codes = std::move(codes);
  payload->display = std::move(display);
  return Value(payload.release());
}

namespace {

std::unique_ptr<VocabularyPayload> vocabulary(Kind kind, std::string id, std::string version, std::string name, const CodeSet* members) {
  auto payload = std::make_unique<VocabularyPayload>(kind);
  payload->id = std::move(id);
  payload->version = std::move(version);
  payload->name = std::move(name);
  payload->members = members;
  return payload;
}

}  // namespace

Value Value::value_set(std::string id, std::string version, std::string name, const CodeSet* members) {
  return Value(vocabulary(Kind::value_set, std::move(id), std::move(version), std::move(name), members).release());
}

Value Value::code_system(std::string id, std::string version, std::string name, const CodeSet* members) {
  return Value(vocabulary(Kind::code_system, std::move(id), std::move(version), std::move(name), members).release());
}

Value Value::interval(Value low, Value high, bool low_closed, bool high_closed, Kind point) {
  auto payload = std::make_unique<IntervalPayload>();
  payload->point = !low.is_null() ? low.kind() : !high.is_null() ? high.kind() : point;
  payload->low = std::move(low);
  payload->high = std::move(high);
  payload->low_closed = low_closed;
  payload->high_closed = high_closed;
  const std::uint16_t inside = std::max(payload->low.depth(), payload->high.depth());
  return nested(payload.release(), inside);
}

Value Value::list(std::vector<Value> elements) {
  const std::uint16_t inside = deepest(elements);
  return nested(new ListPayload(std::move(elements)), inside);
}

Value Value::tuple(TupleNames names, std::vector<Value> elements) {
  const std::uint16_t inside = deepest(elements);
  return nested(new TuplePayload(std::move(names), std::move(elements)), inside);
}

void Value::refuse_uncertain() {
  throw EvaluationError("an uncertain duration cannot be worked with here", "give the dates to the same precision, or compare the duration instead");
}

Value Value::uncertain(Value low, Value high) {
  if (!low.has_payload() && low.same_as(high)) return low;
  return Value(new UncertainPayload(std::move(low), std::move(high)));
}

void Value::freeze() const {
  if (has_payload() && !payload()->frozen_) payload()->set_frozen(true);
}

void Value::thaw() const {
  if (has_payload() && payload()->frozen_) payload()->set_frozen(false);
}

void RatioPayload::set_frozen(bool frozen) const {
  Payload::set_frozen(frozen);
  freeze_one(numerator, frozen);
  freeze_one(denominator, frozen);
}
void ConceptPayload::set_frozen(bool frozen) const {
  Payload::set_frozen(frozen);
  freeze_all(codes, frozen);
}
void IntervalPayload::set_frozen(bool frozen) const {
  Payload::set_frozen(frozen);
  freeze_one(low, frozen);
  freeze_one(high, frozen);
}
void ListPayload::set_frozen(bool frozen) const {
  Payload::set_frozen(frozen);
  freeze_all(elements, frozen);
}
void TuplePayload::set_frozen(bool frozen) const {
  Payload::set_frozen(frozen);
  freeze_all(elements, frozen);
}
void UncertainPayload::set_frozen(bool frozen) const {
  Payload::set_frozen(frozen);
  freeze_one(bounds.first, frozen);
  freeze_one(bounds.second, frozen);
}

const Value* TuplePayload::find(std::string_view name) const {
  const auto found = std::find(names->begin(), names->end(), name);
  return found == names->end() ? nullptr : &elements[static_cast<std::size_t>(found - names->begin())];
}

std::string_view kind_name(Kind kind) {
  constexpr std::array<std::string_view, 20> names{"Any",        "Boolean",  "Integer",  "Long",  "Decimal", "Date",     "DateTime",
                                                   "Time",       "String",   "Quantity", "Ratio", "Code",    "Concept",  "ValueSet",
                                                   "CodeSystem", "Interval", "List",     "Tuple", "Integer", "an object"};
  return names[static_cast<std::size_t>(kind)];
}

Precision calendar_unit(std::string_view unit) {
  // UCUM has no atom by any of these names, so a name says which kind of unit it is.
  return unit.size() < 3 || unit == "min" ? Precision::none : precision_named(unit);
}

}  // namespace catchment::cql
