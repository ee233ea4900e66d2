// Lists (CQL reference, List Operators). Membership treats null as equal to null; an element that cannot be told
// apart from another leaves the answer open.
#include <algorithm>
#include <unordered_map>

#include "cql/operators/context.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

namespace {

Truth contains(Context& context, const std::vector<Value>& list, const Value& element) {
  Truth result = Truth::no;
  for (const Value& candidate : list) {
    const Truth same = is_same_element(context, candidate, element);
    if (same == Truth::yes) return Truth::yes;
    if (same == Truth::unknown) result = Truth::unknown;
  }
  return result;
}

/// Contained, and something else is contained too.
Truth contains_properly(Context& context, const std::vector<Value>& list, const Value& element) {
  Truth other = Truth::no;
  for (const Value& candidate : list) {
    const bool one_is_null = candidate.is_null() != element.is_null();
    Truth differs = truth_not(is_same_element(context, candidate, element));
    if (one_is_null && candidate.is_null()) differs = Truth::unknown;  // an unknown element may be anything
    other = truth_or(other, differs);
  }
  return truth_and(contains(context, list, element), other);
}

Truth covers(Context& context, const std::vector<Value>& whole, const std::vector<Value>& part) {
  Truth result = Truth::yes;
  for (const Value& element : part) {
    result = truth_and(result, contains(context, whole, element));
    if (result == Truth::no) break;
  }
  return result;
}

/// Elements seen so far, found by hash; few of them by looking through all.
class Seen {
 public:
  explicit Seen(Context& context) : context_(context) {}
  /// False when an equal element (or null for null) was there already.
  bool add(const Value& value) {
    const std::size_t hash = hash_of(context_, value);
    if (has(hash, value)) return false;
    if (few_.size() < most_few) {
      few_.emplace_back(hash, value);
      return true;
    }
    if (by_hash_.empty()) by_hash_.insert(few_.begin(), few_.end());
    by_hash_.emplace(hash, value);
    return true;
  }
  bool has(const Value& value) const { return has(hash_of(context_, value), value); }

 private:
  using Known = std::pair<const std::size_t, Value>;
  bool has(std::size_t hash, const Value& value) const {
    const auto is_it = [&](const Known& known) {
      return known.first == hash && (known.second.same_as(value) || is_same_element(context_, known.second, value) == Truth::yes);
    };
    if (by_hash_.empty()) return std::any_of(few_.begin(), few_.end(), is_it);
    const auto [first, last] = by_hash_.equal_range(hash);
    return std::any_of(first, last, is_it);
  }

  static constexpr std::size_t most_few = 32;
  Context& context_;
  std::vector<Known> few_;
  std::unordered_multimap<std::size_t, Value> by_hash_;  // of all, once they are more than a few
};

void append_distinct(Seen& seen, const Value& list, std::vector<Value>& result) {
  if (list.is_null()) return;
  for (const Value& value : list.as_list())
    if (seen.add(value)) result.push_back(value);
}

Value membership(const Call& call, const Value& list, const Value& element, bool properly) {
  // `null properly includes {2}` may also be read as two lists, of which one is null.
  if (list.is_null()) return properly && element.is(Kind::list) ? Value() : Value::boolean(false);
  return Value::of(properly ? contains_properly(call.context, list.as_list(), element) : contains(call.context, list.as_list(), element));
}

/// Same elements both ways round.
Truth properly_covers(Context& context, const std::vector<Value>& whole, const std::vector<Value>& part) {
  return truth_and(covers(context, whole, part), truth_not(covers(context, part, whole)));
}

Value sublist(const Value& list, std::int64_t from, std::int64_t to) {
  const std::vector<Value>& all = list.as_list();
  const auto size = static_cast<std::int64_t>(all.size());
  from = std::clamp<std::int64_t>(from, 0, size);
  to = std::clamp<std::int64_t>(to, from, size);
  return Value::list(std::vector<Value>(all.begin() + from, all.begin() + to));
}

}  // namespace

Value list_contains(const Call& call, Operands o) { return membership(call, o[0], o[1], false); }
Value in_list(const Call& call, Operands o) { return membership(call, o[1], o[0], false); }
Value list_properly_contains(const Call& call, Operands o) { return membership(call, o[0], o[1], true); }
Value properly_in_list(const Call& call, Operands o) { return membership(call, o[1], o[0], true); }
Value list_includes(const Call& call, Operands o) { return Value::of(covers(call.context, o[0].as_list(), o[1].as_list())); }
Value list_included_in(const Call& call, Operands o) { return Value::of(covers(call.context, o[1].as_list(), o[0].as_list())); }
Value list_properly_includes(const Call& call, Operands o) { return Value::of(properly_covers(call.context, o[0].as_list(), o[1].as_list())); }
Value list_properly_included_in(const Call& call, Operands o) { return Value::of(properly_covers(call.context, o[1].as_list(), o[0].as_list())); }

Value distinct(const Call& call, Operands o) {
  Seen seen(call.context);
  std::vector<Value> result;
  append_distinct(seen, o[0], result);
  return Value::list(std::move(result));
}

/// True when some element is not null.
Value exists(const Call&, Operands o) {
  if (o[0].is_null()) return Value::boolean(false);
  const std::vector<Value>& list = o[0].as_list();
  return Value::boolean(std::any_of(list.begin(), list.end(), [](const Value& v) { return !v.is_null(); }));
}

Value list_union(const Call& call, Operands o) {
  if (o[0].is_null() && o[1].is_null()) return Value::list({});
  Seen seen(call.context);
  std::vector<Value> result;
  append_distinct(seen, o[0], result);
  append_distinct(seen, o[1], result);
  return Value::list(std::move(result));
}

namespace {

Value filtered(const Call& call, Operands o, bool keep_shared) {
  Seen other(call.context), seen(call.context);
  if (!o[1].is_null())
    for (const Value& value : o[1].as_list()) other.add(value);
  std::vector<Value> result;
  for (const Value& value : o[0].as_list())
    if (other.has(value) == keep_shared && seen.add(value)) result.push_back(value);
  return Value::list(std::move(result));
}

}  // namespace

Value list_intersect(const Call& call, Operands o) { return filtered(call, o, true); }
Value list_except(const Call& call, Operands o) { return o[0].is_null() ? Value() : filtered(call, o, false); }

Value flatten(const Call& call, Operands o) {
  std::vector<Value> result;
  std::size_t count = 0;
  for (const Value& inner : o[0].as_list()) count += inner.is(Kind::list) ? inner.as_list().size() : 1;
  call.context.check_elements(count);
  result.reserve(count);
  for (const Value& inner : o[0].as_list()) {
    if (inner.is(Kind::list)) result.insert(result.end(), inner.as_list().begin(), inner.as_list().end());
    else if (!inner.is_null()) result.push_back(inner);
  }
  return Value::list(std::move(result));
}

Value first(const Call&, Operands o) { return o[0].as_list().empty() ? Value() : o[0].as_list().front(); }
Value last(const Call&, Operands o) { return o[0].as_list().empty() ? Value() : o[0].as_list().back(); }

Value index_of(const Call& call, Operands o) {
  const std::vector<Value>& list = o[0].as_list();
  for (std::size_t i = 0; i < list.size(); ++i)
    if (is_equal(call.context, list[i], o[1]) == Truth::yes) return Value::integer(static_cast<std::int32_t>(i));
  return Value::integer(-1);
}

Value list_indexer(const Call&, Operands o) {
  const std::int64_t index = o[1].as_long();
  const std::vector<Value>& list = o[0].as_list();
  return index < 0 || index >= static_cast<std::int64_t>(list.size()) ? Value() : list[static_cast<std::size_t>(index)];
}

Value list_length(const Call&, Operands o) { return Value::integer(o[0].is_null() ? 0 : static_cast<std::int32_t>(o[0].as_list().size())); }

Value singleton_from(const Call&, Operands o) {
  const std::vector<Value>& list = o[0].as_list();
  if (list.size() > 1)
    throw EvaluationError("singleton from: the list has " + std::to_string(list.size()) + " elements", "use First or Last, or filter to one element");
  return list.empty() ? Value() : list.front();
}

Value skip(const Call&, Operands o) {
  if (o[0].is_null()) return {};
  return sublist(o[0], o[1].is_null() ? 0 : o[1].as_long(), INT64_MAX);
}
Value take(const Call&, Operands o) {
  if (o[0].is_null()) return {};
  return sublist(o[0], 0, o[1].is_null() ? 0 : o[1].as_long());
}
Value tail(const Call&, Operands o) { return sublist(o[0], 1, INT64_MAX); }

/// From start up to, not including, end; a negative index counts from the end of the list.
Value slice(const Call&, Operands o) {
  if (o[0].is_null()) return {};
  const auto size = static_cast<std::int64_t>(o[0].as_list().size());
  const auto index = [&](std::size_t i, std::int64_t missing) {
    if (o.size() <= i || o[i].is_null()) return missing;
    return o[i].as_long() < 0 ? o[i].as_long() + size : o[i].as_long();
  };
  return sublist(o[0], index(1, 0), index(2, size));
}

namespace {

void append_elements(const Value& value, std::vector<Value>& result) {
  if (value.is(Kind::list)) result.insert(result.end(), value.as_list().begin(), value.as_list().end());
  else if (!value.is_null()) result.push_back(value);
}

std::vector<Value> children_of(const Value& value) {
  std::vector<Value> result;
  const auto text = [&](const std::string& t) {
    if (!t.empty()) result.push_back(Value::string(t));
  };
  switch (value.kind()) {
    case Kind::list:
      for (const Value& element : value.as_list()) {
        const std::vector<Value> inner = children_of(element);
        result.insert(result.end(), inner.begin(), inner.end());
      }
      break;
    case Kind::tuple:
      for (const Value& element : value.as_tuple().elements) append_elements(element, result);
      break;
    case Kind::object:
      for (const Value& element : value.as_object().elements()) append_elements(element, result);
      break;
    case Kind::quantity: result = {Value::decimal(value.as_quantity().value), Value::string(value.as_quantity().unit)}; break;
    case Kind::ratio: result = {value.as_ratio().numerator, value.as_ratio().denominator}; break;
    case Kind::code:
      text(value.as_code().code);
      text(value.as_code().display);
      text(value.as_code().system);
      text(value.as_code().version);
      break;
    case Kind::concept_:
      result = value.as_concept().codes;
      text(value.as_concept().display);
      break;
    default: break;
  }
  return result;
}

void append_descendants(const Value& value, int depth, std::vector<Value>& result) {
  constexpr int deepest = 200;
  constexpr std::size_t most = 1'000'000;
  for (const Value& child : children_of(value)) {
    if (depth > deepest || result.size() > most) throw EvaluationError("Descendants: the value is too deep or too large");
    result.push_back(child);
    append_descendants(child, depth + 1, result);
  }
}

}  // namespace

Value children(const Call&, Operands o) { return Value::list(children_of(o[0])); }

Value descendants(const Call&, Operands o) {
  std::vector<Value> result;
  append_descendants(o[0], 0, result);
  return Value::list(std::move(result));
}

}  // namespace catchment::cql::implementations
