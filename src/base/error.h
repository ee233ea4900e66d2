// A run that cannot continue throws one Error. It is caught at the command line, the HTTP
// request, the stage and the single person's evaluation, and nowhere else.
//
// Bad data is a stored finding (see intake); bad authoring is a list of diagnostics (diagnostic.h).
// The message says what happened; `fix` says what to do. Neither may hold person data.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace catchment {

enum class ErrorKind {
  user,         // the caller asked for something that cannot be: exit code 2
  environment,  // disk, network, permission, another process: exit code 3
  bug,          // we were wrong: exit code 3, and the message asks for a report
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string fix = {}) : std::runtime_error(message), kind_(kind), fix_(std::move(fix)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& fix() const { return fix_; }

 private:
  ErrorKind kind_;
  std::string fix_;
};

}  // namespace catchment
