// A program's answers for one subject, and how they are written.
// In: a checked program, a request, a subject. Out: values by definition; JSON of values. Always: a run-time error
// ends that definition only: its answer is null and the error is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fhir/data/subject.h"

namespace catchment::fhir {

/// A plan answering one subject after another: what does not depend on the subject is worked out once for all.
struct AnswerRun {
  AnswerRun(const cql::Plan& plan, const cql::Request& request) : planned(plan, request, context) { context.request_time = request.time; }
  cql::Context context;
  cql::PlannedRun planned;
};

class Answers {
 public:
  /// All must outlive the answers. With a plan (of the same program) definitions are answered by it, else by the
  /// tree walk; the answers are the same.
  Answers(const cql::Program& program, const cql::Request& request, const Subject& subject, const cql::Plan* plan = nullptr);

  /// By a run that goes on to the next subject afterwards: its values must not outlive this subject's turn.
  Answers(const cql::Program& program, const cql::Request& request, const Subject& subject, AnswerRun& run);

  /// Of the main library, by index or name (null when there is no such definition).
  cql::Value definition(std::size_t index);
  cql::Value definition(std::string_view name);
  /// A function of the main library applied to these arguments; a definition of that name when there is no such
  /// function.
  cql::Value function_or_definition(std::string_view name, const std::vector<cql::Value>& arguments);
  bool has_function(std::string_view name) const;
  /// "Definition: what happened", without person data.
  const std::vector<std::string>& errors() const { return errors_; }
  const std::vector<cql::Message>& messages() const { return shared_ != nullptr ? shared_->context.messages : context_.messages; }

 private:
  const cql::Program& program_;
  const Subject& subject_;
  cql::Context context_;
  cql::TreeWalk walk_;
  std::optional<cql::PlannedRun> planned_;
  AnswerRun* shared_ = nullptr;
  std::vector<std::string> errors_;
};

/// Resources as "Observation/123", other elements as their JSON, lists as arrays, quantities as {value, unit}.
void write_json(const cql::Value& value, json::Writer& out);
std::string to_json(const cql::Value& value);
/// A scalar as plain text (dates without @, strings without quotes); empty for null.
std::string to_cell(const cql::Value& value);

}  // namespace catchment::fhir
