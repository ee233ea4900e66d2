// An error that an author can cause at run time: it ends the evaluation of that person.
#pragma once

#include <string>

#include "base/error.h"

namespace catchment::cql {

class EvaluationError : public Error {
 public:
  explicit EvaluationError(const std::string& message, std::string fix = {}) : Error(ErrorKind::user, message, std::move(fix)) {}
};

}  // namespace catchment::cql
