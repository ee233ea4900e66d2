// What an evaluation knows beside the program: the request's time, terminology, units and where messages go.
// One Context belongs to one thread. Errors an author can cause at run time are thrown as EvaluationError and end
// the evaluation of that person.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cql/operators/patterns.h"
#include "cql/values/units.h"
#include "cql/values/value.h"

namespace catchment::cql {

class EvaluationError : public Error {
 public:
  explicit EvaluationError(const std::string& message, std::string fix = {})
      : Error(ErrorKind::user, message, std::move(fix)) {}
};

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

  std::int16_t default_offset() const {
    return request_time.offset_minutes == Temporal::no_offset ? std::int16_t{0} : request_time.offset_minutes;
  }
};

}  // namespace catchment::cql
