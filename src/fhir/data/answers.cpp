#include "fhir/data/answers.h"

namespace catchment::fhir {

using cql::Kind;
using cql::Value;

Answers::Answers(const cql::Program& program, const cql::Request& request, const Subject& subject, const cql::Plan* plan)
    : program_(program), subject_(subject), walk_(program, request, &subject, context_) {
  if (plan != nullptr) {
    planned_.emplace(*plan, request, context_);
    planned_->begin(&subject);
  }
  context_.request_time = request.time;
  context_.birth_date = [this] { return subject_.birth_date(); };
}

Answers::Answers(const cql::Program& program, const cql::Request& request, const Subject& subject, AnswerRun& run) : Answers(program, request, subject) {
  shared_ = &run;
  run.context.messages.clear();
  run.planned.begin(&subject);
}

Value Answers::definition(std::size_t index) {
  const auto& definitions = program_.main_library().definitions;
  if (index >= definitions.size() || !definitions[index].body) return {};
  try {
    const auto i = static_cast<std::int32_t>(index);
    if (shared_ != nullptr) return shared_->planned.definition(program_.main, i);
    return planned_ ? planned_->definition(program_.main, i) : walk_.definition(program_.main, i);
  } catch (const cql::EvaluationError& error) {
    if (errors_.size() < 100) errors_.push_back(definitions[index].name + ": " + error.what());
    return {};
  }
}

Value Answers::definition(std::string_view name) {
  const auto& definitions = program_.main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    if (definitions[i].name == name) return definition(i);
  }
  return {};
}

bool Answers::has_function(std::string_view name) const {
  for (const auto& function : program_.main_library().functions) {
    if (function.name == name && function.parameters.size() == 1) return true;
  }
  return false;
}

Value Answers::function_or_definition(std::string_view name, const std::vector<Value>& arguments) {
  const auto& functions = program_.main_library().functions;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (functions[i].name != name || functions[i].parameters.size() != arguments.size() || !functions[i].body) continue;
    try {
      return walk_.function(program_.main, static_cast<std::int32_t>(i), arguments);
    } catch (const cql::EvaluationError& error) {
      if (errors_.size() < 100) errors_.push_back(functions[i].name + ": " + error.what());
      return {};
    }
  }
  return definition(name);
}

namespace {

void write_code(const cql::CodePayload& code, json::Writer& out) {
  out.begin_object();
  if (!code.system.empty()) out.key("system").string(code.system);
  out.key("code").string(code.code);
  if (!code.display.empty()) out.key("display").string(code.display);
  out.end_object();
}

void write_list(const std::vector<Value>& values, json::Writer& out) {
  out.begin_array();
  for (const Value& value : values) write_json(value, out);
  out.end_array();
}

}  // namespace

void write_json(const Value& value, json::Writer& out) {
  switch (value.kind()) {
    case Kind::null: out.null(); return;
    case Kind::boolean: out.boolean(value.as_boolean()); return;
    case Kind::integer:
    case Kind::long_integer: out.integer(value.as_long()); return;
    case Kind::decimal: out.number_text(to_cell(value)); return;
    case Kind::list: write_list(value.as_list(), out); return;
    case Kind::quantity:
      out.begin_object().key("value").number_text(to_cell(Value::decimal(value.as_quantity().value))).key("unit").string(value.as_quantity().unit).end_object();
      return;
    case Kind::ratio:
      out.begin_object().key("numerator");
      write_json(value.as_ratio().numerator, out);
      out.key("denominator");
      write_json(value.as_ratio().denominator, out);
      out.end_object();
      return;
    case Kind::code: write_code(value.as_code(), out); return;
    case Kind::concept_:
      out.begin_object().key("codes");
      write_list(value.as_concept().codes, out);
      if (!value.as_concept().display.empty()) out.key("display").string(value.as_concept().display);
      out.end_object();
      return;
    case Kind::interval: {
      const cql::IntervalPayload& interval = value.as_interval();
      out.begin_object().key("low");
      write_json(interval.low, out);
      out.key("lowClosed").boolean(interval.low_closed).key("high");
      write_json(interval.high, out);
      out.key("highClosed").boolean(interval.high_closed).end_object();
      return;
    }
    case Kind::tuple: {
      const cql::TuplePayload& tuple = value.as_tuple();
      out.begin_object();
      for (std::size_t i = 0; i < tuple.elements.size(); ++i) {
        out.key((*tuple.names)[i]);
        write_json(tuple.elements[i], out);
      }
      out.end_object();
      return;
    }
    case Kind::object:
      if (const auto* object = dynamic_cast<const JsonObject*>(&value.as_object())) {
        if (object->json().has("resourceType")) out.string(object->label());
        else out.raw(object->json().raw());
        return;
      }
      out.string(value.as_object().label());
      return;
    default: out.string(to_cell(value));
  }
}

std::string to_json(const Value& value) {
  json::Writer out;
  write_json(value, out);
  return out.take();
}

std::string to_cell(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return {};
    case Kind::string: return value.as_string();
    case Kind::date:
    case Kind::datetime:
    case Kind::time: {
      std::string text = cql::to_cql(value);
      text.erase(0, value.is(Kind::time) ? 2 : 1);
      return text;
    }
    case Kind::boolean:
    case Kind::integer:
    case Kind::decimal:
    case Kind::quantity: return cql::to_cql(value);
    case Kind::long_integer: return std::to_string(value.as_long());
    case Kind::object: {
      const std::string json = to_json(value);
      return json.starts_with('"') ? value.as_object().label() : json;
    }
    case Kind::uncertain:
    case Kind::value_set:
    case Kind::code_system: return cql::to_cql(value);
    default: return to_json(value);
  }
}

}  // namespace catchment::fhir
