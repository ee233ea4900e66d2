// Ages, and membership of codes in value sets and code systems (CQL reference, Clinical Operators).
#include <algorithm>
#include <array>

#include "cql/operators/context.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

namespace {

Value birth(const Call& call) { return call.context.birth_date ? call.context.birth_date() : Value(); }

/// A birth date known to the day is compared with the day of the other date, so that a birthday is certain.
Value age(const Call& call, const Value& born, const Value& as_of, Precision precision) {
  if (born.is_null() || as_of.is_null()) return {};
  std::array<Value, 2> operands{born, as_of};
  if (born.is(Kind::date) && as_of.is(Kind::datetime) && precision <= Precision::day) {
    const std::array<Value, 1> moment{as_of};
    operands[1] = date_from(call, moment);
  }
  return duration(Call{call.context, call.result, precision}, operands);
}

Value age_now(const Call& call, const Value& born, Precision precision) {
  return age(call, born, born.is(Kind::date) && precision <= Precision::day ? today(call, {}) : now(call, {}), precision);
}

}  // namespace

Value age_in_years(const Call& call, Operands) { return age_now(call, birth(call), Precision::year); }
Value age_in_years_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::year); }
Value calculate_age_in_years(const Call& call, Operands o) { return age_now(call, o[0], Precision::year); }
Value calculate_age_in_years_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::year); }

Value age_in_months(const Call& call, Operands) { return age_now(call, birth(call), Precision::month); }
Value age_in_months_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::month); }
Value calculate_age_in_months(const Call& call, Operands o) { return age_now(call, o[0], Precision::month); }
Value calculate_age_in_months_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::month); }

Value age_in_weeks(const Call& call, Operands) { return age_now(call, birth(call), Precision::week); }
Value age_in_weeks_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::week); }
Value calculate_age_in_weeks(const Call& call, Operands o) { return age_now(call, o[0], Precision::week); }
Value calculate_age_in_weeks_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::week); }

Value age_in_days(const Call& call, Operands) { return age_now(call, birth(call), Precision::day); }
Value age_in_days_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::day); }
Value calculate_age_in_days(const Call& call, Operands o) { return age_now(call, o[0], Precision::day); }
Value calculate_age_in_days_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::day); }

Value age_in_hours(const Call& call, Operands) { return age_now(call, birth(call), Precision::hour); }
Value age_in_hours_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::hour); }
Value calculate_age_in_hours(const Call& call, Operands o) { return age_now(call, o[0], Precision::hour); }
Value calculate_age_in_hours_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::hour); }

Value age_in_minutes(const Call& call, Operands) { return age_now(call, birth(call), Precision::minute); }
Value age_in_minutes_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::minute); }
Value calculate_age_in_minutes(const Call& call, Operands o) { return age_now(call, o[0], Precision::minute); }
Value calculate_age_in_minutes_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::minute); }

Value age_in_seconds(const Call& call, Operands) { return age_now(call, birth(call), Precision::second); }
Value age_in_seconds_at(const Call& call, Operands o) { return age(call, birth(call), o[0], Precision::second); }
Value calculate_age_in_seconds(const Call& call, Operands o) { return age_now(call, o[0], Precision::second); }
Value calculate_age_in_seconds_at(const Call& call, Operands o) { return age(call, o[0], o[1], Precision::second); }

namespace {

const CodeSet& members_of(const Value& vocabulary, const char* what) {
  const VocabularyPayload& payload = vocabulary.as_vocabulary();
  if (payload.members == nullptr)
    throw EvaluationError(std::string("the ") + what + " '" + (payload.name.empty() ? payload.id : payload.name) + "' is not loaded",
                          "give its members (value sets: --value-sets)");
  return *payload.members;
}

bool is_member(const CodeSet& members, const Value& value) {
  switch (value.kind()) {
    case Kind::code: {
      const CodePayload& code = value.as_code();
      return code.system.empty() ? members.contains(code.code) : members.contains(code.code, code.system);
    }
    case Kind::string: return members.contains(value.as_string());
    case Kind::concept_: {
      const auto& codes = value.as_concept().codes;
      return std::any_of(codes.begin(), codes.end(), [&](const Value& code) { return is_member(members, code); });
    }
    case Kind::list: {
      const auto& values = value.as_list();
      return std::any_of(values.begin(), values.end(), [&](const Value& one) { return is_member(members, one); });
    }
    default: return false;
  }
}

/// Without a list of its codes a code system is known by its address alone.
bool is_of_system(const std::string& system, const Value& value) {
  switch (value.kind()) {
    case Kind::code: return value.as_code().system == system;
    case Kind::concept_: {
      const auto& codes = value.as_concept().codes;
      return std::any_of(codes.begin(), codes.end(), [&](const Value& code) { return is_of_system(system, code); });
    }
    case Kind::list: {
      const auto& values = value.as_list();
      return std::any_of(values.begin(), values.end(), [&](const Value& one) { return is_of_system(system, one); });
    }
    default: return false;
  }
}

}  // namespace

Value in_value_set(const Call&, Operands o) {
  if (o[1].is_null()) return {};
  return Value::boolean(!o[0].is_null() && is_member(members_of(o[1], "value set"), o[0]));
}

Value any_in_value_set(const Call& call, Operands o) { return in_value_set(call, o); }

Value in_code_system(const Call&, Operands o) {
  if (o[1].is_null()) return {};
  if (o[0].is_null()) return Value::boolean(false);
  const VocabularyPayload& system = o[1].as_vocabulary();
  if (system.members != nullptr) return Value::boolean(is_member(*system.members, o[0]));
  if (o[0].is(Kind::string)) members_of(o[1], "code system");
  return Value::boolean(is_of_system(system.id, o[0]));
}

Value any_in_code_system(const Call& call, Operands o) { return in_code_system(call, o); }

Value expand_value_set(const Call&, Operands o) { return Value::list(members_of(o[0], "value set").codes()); }

namespace {

Truth ancestor(const Call& call, const Value& above, const Value& below) {
  if (above.is(Kind::code) && below.is(Kind::code)) {
    if (is_equivalent(call.context, above, below)) return Truth::yes;
    if (call.context.terminology == nullptr) throw EvaluationError("no code hierarchy is loaded, so subsumption cannot be answered");
    return call.context.terminology->subsumes(above.as_code(), below.as_code());
  }
  Truth result = Truth::no;
  for (const Value& a : above.as_concept().codes)
    for (const Value& b : below.as_concept().codes)
      if (a.is(Kind::code) && b.is(Kind::code)) result = truth_or(result, ancestor(call, a, b));
  return result;
}

}  // namespace

Value subsumes(const Call& call, Operands o) { return Value::of(ancestor(call, o[0], o[1])); }
Value subsumed_by(const Call& call, Operands o) { return Value::of(ancestor(call, o[1], o[0])); }

}  // namespace catchment::cql::implementations
