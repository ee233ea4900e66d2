// A CQL value at run time: 24 bytes, the common kinds inside, the others a shared immutable payload.
//
// In: made by the factories below. Out: accessors by kind; asking for another kind is a programming error.
// Always: a payload never changes once shared, so copying a value copies a pointer. A value belongs to one
// thread: counts are not atomic. `freeze` makes a value readable by every thread and eternal until its one
// owner calls `thaw`; programs freeze their constants, and must outlive every value made from them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cql/values/decimal.h"
#include "cql/values/temporal.h"

namespace catchment::cql {

enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  long_integer,
  decimal,
  date,
  datetime,
  time,
  string,
  quantity,
  ratio,
  code,
  concept_,
  value_set,
  code_system,
  interval,
  list,
  tuple,
  uncertain,  // some value between two of the same kind, both included
  object,     // an instance of a model class
};

/// Three-valued logic.
enum class Truth : std::uint8_t { no, yes, unknown };

class Payload {
 public:
  explicit Payload(Kind kind) : kind_(kind) {}
  Payload(const Payload&) = delete;
  Payload& operator=(const Payload&) = delete;
  virtual ~Payload() = default;
  Kind kind() const { return kind_; }
  /// Lists, tuples and intervals within one another, this one counted.
  std::uint16_t depth() const { return depth_; }
  /// Freezes or thaws the values this one holds.
  virtual void set_frozen(bool frozen) const { frozen_ = frozen; }

 private:
  friend class Value;
  mutable std::uint32_t references_ = 0;
  mutable bool frozen_ = false;
  Kind kind_;
  std::uint16_t depth_ = 0;
};

struct StringPayload;
struct QuantityPayload;
struct RatioPayload;
struct CodePayload;
struct ConceptPayload;
struct VocabularyPayload;
struct IntervalPayload;
struct ListPayload;
struct TuplePayload;
class Object;
class CodeSet;

/// Element names of a tuple, shared by the tuples of one selector.
using TupleNames = std::shared_ptr<const std::vector<std::string>>;

class Value {
 public:
  Value() = default;
  Value(const Value& other) : head_(other.head_), words_(other.words_) { retain(); }
  Value(Value&& other) noexcept : head_(other.head_), words_(other.words_) {
    other.head_ = {};
    other.words_ = {};
  }
  Value& operator=(const Value& other) {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Value() { release(); }
  void swap(Value& other) noexcept {
    std::swap(head_, other.head_);
    std::swap(words_, other.words_);
  }

  static Value boolean(bool value) { return inline_value(Kind::boolean, value ? 1 : 0); }
  static Value integer(std::int32_t value) { return inline_value(Kind::integer, static_cast<std::uint64_t>(static_cast<std::int64_t>(value))); }
  static Value long_integer(std::int64_t value) { return inline_value(Kind::long_integer, static_cast<std::uint64_t>(value)); }
  /// `written_places`: digits after the point as written; by default those it needs.
  static Value decimal(Decimal value, int written_places = -1);
  static Value temporal(const Temporal& value);
  static Value string(std::string text);
  static Value quantity(Decimal value, std::string unit);
  static Value ratio(Value numerator, Value denominator);
  static Value code(std::string code, std::string system, std::string version = {}, std::string display = {});
  static Value concept_(std::vector<Value> codes, std::string display = {});
  static Value value_set(std::string id, std::string version, std::string name, const CodeSet* members);
  static Value code_system(std::string id, std::string version, std::string name, const CodeSet* members = nullptr);
  /// No check of the order of the bounds: see `interval_of` in operators. `point` is the kind of the points
  /// when both bounds are null (Kind::null: not known).
  static Value interval(Value low, Value high, bool low_closed, bool high_closed, Kind point = Kind::null);
  static Value list(std::vector<Value> elements);
  static Value tuple(TupleNames names, std::vector<Value> elements);
  /// One value when the bounds are the same whole number, date or decimal.
  static Value uncertain(Value low, Value high);
  static Value object(const Object* object);
  static Value of(Truth truth) { return truth == Truth::unknown ? Value() : boolean(truth == Truth::yes); }

  Kind kind() const { return head_.kind; }
  bool is_null() const { return head_.kind == Kind::null; }
  bool is(Kind kind) const { return head_.kind == kind; }
  std::uint16_t depth() const { return head_.kind >= Kind::interval && head_.kind <= Kind::tuple ? payload()->depth() : std::uint16_t{0}; }
  bool is_temporal() const { return head_.kind >= Kind::date && head_.kind <= Kind::time; }
  /// True only for a Boolean true.
  bool is_true() const { return head_.kind == Kind::boolean && words_.low != 0; }
  bool is_false() const { return head_.kind == Kind::boolean && words_.low == 0; }
  Truth truth() const { return is_null() ? Truth::unknown : words_.low != 0 ? Truth::yes : Truth::no; }

  /// A Date known to the day.
  bool is_day() const { return head_.kind == Kind::date && head_.detail == static_cast<std::uint8_t>(Precision::day); }
  /// Of a date, date and time or time of day: as in Temporal.
  std::int64_t local_ms() const { return static_cast<std::int64_t>(words_.low); }
  bool as_boolean() const { return words_.low != 0; }
  // A type tells integers, decimals and dates from all else, but not from a value between two of them: an operator
  // that cannot work with such a value throws EvaluationError.
  std::int32_t as_integer() const { return static_cast<std::int32_t>(as_long()); }
  /// Integer or Long.
  std::int64_t as_long() const {
    if (is(Kind::uncertain)) refuse_uncertain();
    return static_cast<std::int64_t>(words_.low);
  }
  Decimal as_decimal() const;
  int written_places() const { return static_cast<int>(head_.detail); }
  Temporal as_temporal() const;
  const std::string& as_string() const;
  const QuantityPayload& as_quantity() const;
  const RatioPayload& as_ratio() const;
  const CodePayload& as_code() const;
  const ConceptPayload& as_concept() const;
  const VocabularyPayload& as_vocabulary() const;  // value set or code system
  const IntervalPayload& as_interval() const;
  const std::vector<Value>& as_list() const;
  const TuplePayload& as_tuple() const;
  const std::pair<Value, Value>& as_uncertain() const;
  const Object& as_object() const;

  /// Shares one payload (or one whole number): a quick yes to equality, never a no.
  bool same_as(const Value& other) const {
    return head_.kind == other.head_.kind && words_.low == other.words_.low && words_.high == other.words_.high && head_.detail == other.head_.detail &&
        head_.offset == other.head_.offset;
  }

  void freeze() const;
  void thaw() const;

 private:
  struct Head {
    Kind kind = Kind::null;
    std::uint8_t detail = 0;  // precision of a temporal, written places of a decimal
    std::int16_t offset = 0;  // offset of a DateTime
  };
  struct Words {
    std::uint64_t low = 0, high = 0;
  };

  static Value inline_value(Kind kind, std::uint64_t word) {
    Value value;
    value.head_.kind = kind;
    value.words_.low = word;
    return value;
  }
  explicit Value(const Payload* payload);

  [[noreturn]] static void refuse_uncertain();
  static Value nested(Payload* payload, std::uint16_t inside);
  bool has_payload() const { return head_.kind >= Kind::string; }
  const Payload* payload() const { return reinterpret_cast<const Payload*>(words_.low); }  // NOLINT(performance-no-int-to-ptr): the word holds it
  void retain() const {
    if (has_payload() && !payload()->frozen_) ++payload()->references_;
  }
  void release() {
    if (has_payload() && !payload()->frozen_ && --payload()->references_ == 0) delete payload();
  }

  Head head_;
  Words words_;
};

/// A set of codes, made once by a terminology provider and shared.
class CodeSet {
 public:
  virtual ~CodeSet() = default;
  virtual bool contains(std::string_view code, std::string_view system) const = 0;
  /// The code in any system.
  virtual bool contains(std::string_view code) const = 0;
  /// Every member as a Code, in a fixed order.
  virtual std::vector<Value> codes() const = 0;
};

/// An instance of a model class (a FHIR resource or element). Implemented by data providers.
class Object : public Payload {
 public:
  Object() : Payload(Kind::object) {}
  /// Qualified class name: "FHIR.Observation".
  virtual std::string_view type_name() const = 0;
  /// The element stored under this JSON key, seen as `type` ("FHIR.Quantity", "System.String"); null when
  /// absent.
  virtual Value element(std::string_view key, std::string_view type) const = 0;
  /// This object as a system value of the named type ("Quantity", "Concept", "Interval<DateTime>"); null when
  /// it has no such reading. FHIR's own conversions (FHIRHelpers 4.0.1) for the FHIR model.
  virtual Value converted(std::string_view system_type) const = 0;
  /// The direct elements, for Children and Descendants.
  virtual std::vector<Value> elements() const = 0;
  /// Same content.
  virtual bool equals(const Object& other) const = 0;
  /// The same for objects that are equal.
  virtual std::size_t hash() const { return std::hash<std::string_view>()(label()); }
  /// A short name for messages and evidence: "Observation/123".
  virtual std::string label() const = 0;
};

struct StringPayload final : Payload {
  explicit StringPayload(std::string t) : Payload(Kind::string), text(std::move(t)) {}
  std::string text;
};
struct QuantityPayload final : Payload {
  QuantityPayload(Decimal v, std::string u) : Payload(Kind::quantity), value(v), unit(std::move(u)) {}
  Decimal value;
  std::string unit;  // UCUM, or a calendar unit by name ("day", "days"); never empty: "1" when none was given
};
struct RatioPayload final : Payload {
  RatioPayload(Value n, Value d) : Payload(Kind::ratio), numerator(std::move(n)), denominator(std::move(d)) {}
  void set_frozen(bool frozen) const override;
  Value numerator, denominator;
};
/// Empty text means null.
struct CodePayload final : Payload {
  CodePayload() : Payload(Kind::code) {}
  std::string code, system, version, display;
};
struct ConceptPayload final : Payload {
  ConceptPayload() : Payload(Kind::concept_) {}
  void set_frozen(bool frozen) const override;
  std::vector<Value> codes;
  std::string display;
};
struct VocabularyPayload final : Payload {
  explicit VocabularyPayload(Kind kind) : Payload(kind) {}
  std::string id, version, name;
  const CodeSet* members = nullptr;  // null: the terminology is not loaded
};
struct IntervalPayload final : Payload {
  IntervalPayload() : Payload(Kind::interval) {}
  void set_frozen(bool frozen) const override;
  Value low, high;
  bool low_closed = true, high_closed = true;
  Kind point = Kind::null;
};
struct ListPayload final : Payload {
  explicit ListPayload(std::vector<Value> e) : Payload(Kind::list), elements(std::move(e)) {}
  void set_frozen(bool frozen) const override;
  std::vector<Value> elements;
};
struct TuplePayload final : Payload {
  TuplePayload(TupleNames n, std::vector<Value> e) : Payload(Kind::tuple), names(std::move(n)), elements(std::move(e)) {}
  void set_frozen(bool frozen) const override;
  /// The element of this name, or null when there is none.
  const Value* find(std::string_view name) const;
  TupleNames names;
  std::vector<Value> elements;
};
struct UncertainPayload final : Payload {
  UncertainPayload(Value low, Value high) : Payload(Kind::uncertain), bounds(std::move(low), std::move(high)) {}
  void set_frozen(bool frozen) const override;
  std::pair<Value, Value> bounds;
};

inline Value::Value(const Payload* payload) {
  head_.kind = payload->kind();
  words_.low = reinterpret_cast<std::uint64_t>(payload);
  retain();
}

inline Decimal Value::as_decimal() const {
  if (is(Kind::uncertain)) refuse_uncertain();
  return Decimal::of_scaled(static_cast<Int128>((static_cast<UInt128>(words_.high) << 64) | words_.low));
}

inline Value Value::temporal(const Temporal& value) {
  Value result;
  result.head_.kind = value.kind == TemporalKind::date ? Kind::date : value.kind == TemporalKind::datetime ? Kind::datetime : Kind::time;
  result.head_.detail = static_cast<std::uint8_t>(value.precision);
  result.head_.offset = value.offset_minutes;
  result.words_.low = static_cast<std::uint64_t>(value.local_ms);
  return result;
}

inline Temporal Value::as_temporal() const {
  if (is(Kind::uncertain)) refuse_uncertain();
  const TemporalKind kind = head_.kind == Kind::date ? TemporalKind::date : head_.kind == Kind::datetime ? TemporalKind::datetime : TemporalKind::time;
  return {static_cast<std::int64_t>(words_.low), head_.offset, static_cast<Precision>(head_.detail), kind};
}

inline Value Value::object(const Object* object) { return Value(static_cast<const Payload*>(object)); }

inline const std::string& Value::as_string() const { return static_cast<const StringPayload*>(payload())->text; }
inline const QuantityPayload& Value::as_quantity() const { return *static_cast<const QuantityPayload*>(payload()); }
inline const RatioPayload& Value::as_ratio() const { return *static_cast<const RatioPayload*>(payload()); }
inline const CodePayload& Value::as_code() const { return *static_cast<const CodePayload*>(payload()); }
inline const ConceptPayload& Value::as_concept() const { return *static_cast<const ConceptPayload*>(payload()); }
inline const VocabularyPayload& Value::as_vocabulary() const { return *static_cast<const VocabularyPayload*>(payload()); }
inline const IntervalPayload& Value::as_interval() const { return *static_cast<const IntervalPayload*>(payload()); }
inline const std::vector<Value>& Value::as_list() const { return static_cast<const ListPayload*>(payload())->elements; }
inline const TuplePayload& Value::as_tuple() const { return *static_cast<const TuplePayload*>(payload()); }
inline const Object& Value::as_object() const { return *static_cast<const Object*>(payload()); }
inline const std::pair<Value, Value>& Value::as_uncertain() const { return static_cast<const UncertainPayload*>(payload())->bounds; }

/// "Integer", "Interval", ...
std::string_view kind_name(Kind kind);

/// The value as CQL source: `@2014-01-01`, `5 'mg'`, `Interval[1, 4)`, `{ 1, 2 }`, `Tuple { a: 1 }`. An
/// uncertain value is shown as a closed interval.
std::string to_cql(const Value& value);

/// Calendar unit named by `unit` ("year", "days", ...), or none for a UCUM unit.
Precision calendar_unit(std::string_view unit);

}  // namespace catchment::cql
