// What an evaluation knows beside the program: the request's time, terminology, units and where messages go.
// One Context belongs to one thread. Errors an author can cause at run time are thrown as EvaluationError and end
// the evaluation of that person.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cql/operators/patterns.h"
#include "cql/values/evaluation_error.h"
#include "cql/values/units.h"
#include "cql/values/value.h"

namespace catchment::cql {

/// What `Message` reported; `error` severity also ends the evaluation.
struct Message {
  std::string severity, code, text;
};

/// Answers for subsumption; value sets travel inside their values.
class Terminology {
 public:
  virtual ~Terminology() = default;
  virtual Truth subsumes(const CodePayload& ancestor, const CodePayload& descendant) const = 0;
};

struct Context {
  /// The request's timestamp: a DateTime to the millisecond with its offset.
  Temporal request_time;
  const Terminology* terminology = nullptr;
  /// The subject's birth date (Date or DateTime), or null.
  std::function<Value()> birth_date;
  UnitReader units;
  PatternCache patterns;
  std::vector<Message> messages;  // at most `most_messages`
  static constexpr std::size_t most_messages = 1000;

  /// What an evaluation may still do and make: a bound for expressions that anyone may send.
  std::uint64_t steps_left = UINT64_MAX;
  std::function<bool()> is_out_of_time;
  std::size_t most_elements = 10'000'000;
  std::size_t longest_text = std::size_t{64} << 20;

  void spend() {
    if (steps_left == 0) throw EvaluationError("the evaluation takes more steps than it may", "ask for less");
    --steps_left;
    if (is_out_of_time && steps_left % 16 == 0 && is_out_of_time()) throw EvaluationError("the evaluation takes longer than it may", "ask for less");
  }
  void check_elements(std::size_t count) const {
    if (count > most_elements) throw EvaluationError("a list would have more elements than it may", "ask for less");
  }
  void check_text(std::size_t bytes) const {
    if (bytes > longest_text) throw EvaluationError("a text would be longer than it may", "ask for less");
  }

  std::int16_t default_offset() const { return request_time.offset_minutes == Temporal::no_offset ? std::int16_t{0} : request_time.offset_minutes; }
};

}  // namespace catchment::cql
