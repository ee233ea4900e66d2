#include "measures/program_scans.h"

#include <algorithm>
#include <set>

namespace catchment::measures {

bool needs_labels(const cql::Program& program, const std::vector<std::int32_t>& written, const ProgramReads& reads) {
  for (const std::int32_t index : written)
    if (holds_resources(program.main_library().definitions[static_cast<std::size_t>(index)].type)) return true;
  if (reads.sent) return true;
  for (const ShapeMap& shape : shapes()) {
    if (reads.reads(shape.resource, "id")) return true;
    for (const ElementMap& element : shape.elements)
      if (element.how == How::organisation && element.column == no_column && reads.reads(shape.resource, element.key)) return true;
  }
  return false;
}

namespace {

bool same_rows(const BoundRetrieve& a, const BoundRetrieve& b) {
  return a.filtered == b.filtered &&
      std::equal(a.sources.begin(), a.sources.end(), b.sources.begin(), b.sources.end(), [](const RetrieveSource& x, const RetrieveSource& y) {
           return x.shape == y.shape && x.every == y.every && x.codes == y.codes && x.first_words == y.first_words && x.second_words == y.second_words;
         });
}

}  // namespace

std::vector<BoundRetrieve> bound_retrieves(const cql::Plan& plan, std::span<const cql::Request* const> requests, const ProgramReads& reads,
                                           const records::Dictionaries& words) {
  const std::set<const cql::Retrieve*> asked(reads.retrieves.begin(), reads.retrieves.end());
  std::vector<BoundRetrieve> bound;
  for (const cql::Request* request : requests) {
    cql::Context context;
    context.request_time = request->time;
    cql::PlannedRun run(plan, *request, context);
    run.begin(nullptr);
    std::size_t next = 0;
    for (std::size_t i = 0; i < plan.retrieves().size(); ++i) {
      const cql::PlannedRetrieve& retrieve = plan.retrieves()[i];
      if (retrieve.node->resource_type == "Patient") continue;
      const auto unknown = [&] {
        BoundRetrieve any = unknown_retrieve(*retrieve.node);
        any.asked = asked.contains(retrieve.node);
        any.planned = i;
        return any;
      };
      BoundRetrieve one = unknown();
      try {
        if (retrieve.terminology_is_known) one = bind_retrieve(*retrieve.node, run.terminology_of(retrieve), words);
      } catch (const cql::EvaluationError&) {  // codes that rest on everyone's rows, or an error that is told where it is asked
        one = unknown();
      }
      one.asked = asked.contains(retrieve.node);
      one.planned = i;
      if (request == requests.front()) bound.push_back(std::move(one));
      else if (!same_rows(bound[next], one)) bound[next] = unknown();
      ++next;
    }
  }
  return bound;
}

std::string patient_class_of(const cql::Program& program) {
  const std::string& name = program.main_library().patient_class;
  return name.empty() ? "FHIR.Patient" : name;
}

}  // namespace catchment::measures
