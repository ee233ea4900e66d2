// What a clause of a query says of the days of its row, found without looking at any row.
// In: a Boolean expression of the typed tree that is to be true, and what its slots stand for. Out: bounds on the
// row's elements that follow from it. Always: if the clause can be true of a row, the row is within the bounds; day
// bounds are two days wide of the truth, which covers offsets, open bounds and times of day. Private to measures.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "cql/cql.h"
#include "measures/row_days.h"

namespace catchment::measures {

struct Surroundings;

/// What a slot stands for; without a node it stands for something not known.
struct Bound {
  const cql::Node* node = nullptr;
  const Surroundings* around = nullptr;
};
struct Surroundings {
  std::map<std::int32_t, Bound> slots;
};

/// A row of a query: the slot it stands in.
struct RowSlot {
  const Surroundings* around = nullptr;
  std::int32_t slot = -1;
};

class ClauseReader {
 public:
  /// Both must outlive the reader.
  ClauseReader(const cql::Program& program, const cql::Request& request);

  /// What follows for the row when the clause is true.
  RowTest test(const cql::Node& clause, const Surroundings& around, const RowSlot& row);
  /// Whether working the expression out might end in an error for some row; intervals of the row's own days that are
  /// the only way are given as pairs instead.
  bool may_fail(const cql::Node& node, const Surroundings& around, const RowSlot& row, RowTest& disordered);
  const Surroundings& call(const cql::FunctionCall& call, const Surroundings& around);
  Surroundings& new_surroundings() { return kept_.emplace_back(); }
  const cql::TypedFunction& function(const cql::FunctionCall& call) const;
  /// Too much to look at: what was found must not be used.
  bool is_too_much() const { return steps_ > most_steps; }
  void count_step() { ++steps_; }

 private:
  static constexpr std::size_t most_steps = 2'000'000;
  static constexpr int deepest = 60;

  /// What no value stands for: nothing, the first day there is, the last one, any day.
  enum class Unsaid : std::uint8_t { nothing, first_day, last_day, any_day };
  struct Side {
    std::vector<DayElement> first_of;
    Unsaid unsaid = Unsaid::nothing;
    bool of_periods = false;            // `unsaid` is so only where the element is a period
    bool operator==(const Side&) const = default;
  };
  /// A day or an interval of days of the row, or a value that is the same for every row.
  struct Seen {
    enum class Kind : std::uint8_t { unknown, constant, row, days } kind = Kind::unknown;
    cql::Value value;
    Side low, high;      // of a single day the same
    bool whole = false;  // an element of the row as it is: a day or a period
    bool dates = false;  // without time of day
  };
  static DayBound bound_of(const Side& side, std::int64_t low, std::int64_t high);
  Seen see(const cql::Node& node, const Surroundings& around, const RowSlot& row);
  Seen see_here(const cql::Node& node, const Surroundings& around, const RowSlot& row);
  Seen see_property(const cql::Property& property, const Surroundings& around, const RowSlot& row);
  Seen see_operator(const cql::OperatorCall& call, const Surroundings& around, const RowSlot& row);
  Seen see_interval(const cql::IntervalSelector& selector, const Surroundings& around, const RowSlot& row);
  RowTest test_operator(const cql::OperatorCall& call, const Surroundings& around, const RowSlot& row);
  std::optional<cql::Value> constant(const cql::Node& node);
  bool is_closed(const cql::Node& node);
  bool reads_no_subject(const cql::Node& node);
  bool function_reads_no_subject(std::int32_t library, std::int32_t index);
  bool definition_may_fail(std::int32_t library, std::int32_t index);
  bool operator_may_fail(const cql::OperatorCall& call);
  bool query_may_fail(const cql::Query& query, const Surroundings& around, const RowSlot& row, RowTest& disordered);

  const cql::Program& program_;
  cql::Context context_;
  cql::TreeWalk walk_;
  std::deque<Surroundings> kept_;
  std::map<const cql::Node*, std::optional<cql::Value>> constants_;
  std::map<std::pair<std::int32_t, std::int32_t>, bool> function_closed_, definition_closed_, definition_fails_;
  std::size_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace catchment::measures
