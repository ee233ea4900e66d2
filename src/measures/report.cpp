#include "measures/report.h"

#include <algorithm>
#include <map>

namespace catchment::measures {

using cql::Decimal;
using cql::Kind;
using cql::Value;

namespace {

std::optional<Decimal> aggregate(const std::string& method, std::vector<Decimal> values) {
  if (method == "count") return Decimal::of(static_cast<std::int64_t>(values.size()));
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end(), [](Decimal a, Decimal b) { return a.scaled() < b.scaled(); });
  const auto n = static_cast<std::int64_t>(values.size());
  if (method == "minimum" || method == "min") return values.front();
  if (method == "maximum" || method == "max") return values.back();
  if (method == "median") {
    const std::size_t middle = values.size() / 2;
    if (values.size() % 2 == 1) return values[middle];
    const auto sum = values[middle - 1].plus(values[middle]);
    return sum ? sum->divided_by(Decimal::of(2)) : std::nullopt;
  }
  Decimal total;
  for (const Decimal value : values) {
    const auto next = total.plus(value);
    if (!next) return std::nullopt;
    total = *next;
  }
  if (method == "sum") return total;
  return total.divided_by(Decimal::of(n));
}

std::string decimal_text(Decimal value) { return fhir::to_cell(Value::decimal(value)); }

void write_code(json::Writer& out, const std::string& system, const std::string& code, const std::string& display) {
  out.begin_object().key("coding").begin_array().begin_object();
  if (!system.empty()) out.key("system").string(system);
  out.key("code").string(code);
  if (!display.empty()) out.key("display").string(display);
  out.end_object().end_array().end_object();
}

void write_populations(json::Writer& out, const Group& group, const std::vector<std::size_t>& counts) {
  out.key("population").begin_array();
  for (std::size_t i = 0; i < group.populations.size(); ++i) {
    const Population& population = group.populations[i];
    out.begin_object();
    if (!population.id.empty()) out.key("id").string(population.id);
    out.key("code");
    write_code(out, "http://terminology.hl7.org/CodeSystem/measure-population", population.code, std::string(display_of(population.kind)));
    out.key("count").integer(static_cast<std::int64_t>(counts[i]));
    out.end_object();
  }
  out.end_array();
}

struct Stratum {
  std::vector<std::size_t> counts;
  std::vector<std::vector<Decimal>> observations;
};

/// Totals of a group over one subject or many.
struct Totals {
  std::vector<std::size_t> counts;
  std::vector<std::vector<Decimal>> observations;
  std::vector<std::map<std::vector<std::string>, Stratum>> strata;
};

void add_observations(std::vector<std::vector<Decimal>>& to, const std::vector<std::vector<Decimal>>& from) {
  to.resize(std::max(to.size(), from.size()));
  for (std::size_t i = 0; i < from.size(); ++i) to[i].insert(to[i].end(), from[i].begin(), from[i].end());
}

void add(Totals& totals, const GroupResult& result) {
  totals.counts.resize(result.populations.size());
  for (std::size_t i = 0; i < result.populations.size(); ++i) totals.counts[i] += result.populations[i].count;
  add_observations(totals.observations, result.observations);
  totals.strata.resize(std::max(totals.strata.size(), result.strata.size()));
  for (std::size_t s = 0; s < result.strata.size(); ++s) {
    for (const StratumResult& stratum : result.strata[s]) {
      Stratum& total = totals.strata[s][stratum.values];
      add_observations(total.observations, stratum.observations);
      total.counts.resize(stratum.populations.size());
      for (std::size_t i = 0; i < stratum.populations.size(); ++i) total.counts[i] += stratum.populations[i].count;
    }
  }
}

void write_score(json::Writer& out, const Group& group, const std::vector<std::size_t>& counts, const std::vector<std::vector<Decimal>>& observations) {
  if (const auto score = measure_score(group, counts, observations)) {
    out.key("measureScore").begin_object().key("value").number_text(decimal_text(*score)).end_object();
  }
}

void write_text(json::Writer& out, const std::string& key, const std::string& text) { out.key(key).begin_object().key("text").string(text).end_object(); }

/// What FHIR has no empty form for is left out: no code, no stratum.
void write_stratifier(json::Writer& out, const Group& group, const Stratifier& stratifier, const std::map<std::vector<std::string>, Stratum>& strata) {
  out.begin_object();
  if (!stratifier.id.empty()) out.key("id").string(stratifier.id);
  if (!stratifier.code.empty()) out.key("code").begin_array().begin_object().key("text").string(stratifier.code).end_object().end_array();
  if (!strata.empty()) {
    out.key("stratum").begin_array();
    for (const auto& [values, stratum] : strata) {
      out.begin_object();
      if (values.size() == 1) {
        write_text(out, "value", values[0]);
      } else {
        out.key("component").begin_array();
        for (std::size_t i = 0; i < values.size() && i < stratifier.components.size(); ++i) {
          const StratifierComponent& component = stratifier.components[i];
          out.begin_object();
          write_text(out, "code", component.code.empty() ? component.expression : component.code);
          write_text(out, "value", values[i]);
          out.end_object();
        }
        out.end_array();
      }
      write_populations(out, group, stratum.counts);
      write_score(out, group, stratum.counts, stratum.observations);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write_group(json::Writer& out, const Group& group, const Totals& totals) {
  out.begin_object();
  if (!group.id.empty()) out.key("id").string(group.id);
  write_populations(out, group, totals.counts);
  write_score(out, group, totals.counts, totals.observations);
  if (!group.stratifiers.empty()) {
    out.key("stratifier").begin_array();
    for (std::size_t s = 0; s < group.stratifiers.size(); ++s) {
      static const std::map<std::vector<std::string>, Stratum> none;
      write_stratifier(out, group, group.stratifiers[s], s < totals.strata.size() ? totals.strata[s] : none);
    }
    out.end_array();
  }
  out.end_object();
}

/// A supplemental value's code, for coded values and text alike.
struct Coded {
  std::string system, code, display;
  auto operator<=>(const Coded&) const = default;
};

void collect_codes(const Value& value, std::vector<Coded>& out) {
  switch (value.kind()) {
    case Kind::null: return;
    case Kind::list:
      for (const Value& item : value.as_list()) collect_codes(item, out);
      return;
    case Kind::code: out.push_back({value.as_code().system, value.as_code().code, value.as_code().display}); return;
    case Kind::concept_:
      for (const Value& code : value.as_concept().codes) collect_codes(code, out);
      return;
    case Kind::tuple:
      if (const Value* codes = value.as_tuple().find("codes")) return collect_codes(*codes, out);
      out.push_back({"", fhir::to_json(value), ""});
      return;
    case Kind::object: {
      const Value as_concept = value.as_object().converted("Concept");
      if (!as_concept.is_null() && as_concept.is(Kind::concept_) && !as_concept.as_concept().codes.empty()) return collect_codes(as_concept, out);
      out.push_back({"", fhir::to_json(value), ""});
      return;
    }
    default: out.push_back({"", fhir::to_cell(value), ""});
  }
}

void begin_report(json::Writer& out, const std::string& id) { out.begin_object().key("resourceType").string("MeasureReport").key("id").string(id); }

/// Returns how many it wrote: a contained resource has to be referred to.
int write_contained(json::Writer& out, const std::vector<std::pair<const SupplementalData*, std::map<Coded, std::size_t>>>& data, bool summary) {
  bool any = false;
  for (const auto& [item, codes] : data) any = any || !codes.empty();
  if (!any) return 0;
  out.key("contained").begin_array();
  int number = 0;
  for (const auto& [item, codes] : data) {
    for (const auto& [coded, count] : codes) {
      out.begin_object().key("resourceType").string("Observation").key("id").string("supplemental-" + std::to_string(++number));
      out.key("extension")
          .begin_array()
          .begin_object()
          .key("url")
          .string("http://hl7.org/fhir/StructureDefinition/cqf-measureInfo")
          .key("extension")
          .begin_array();
      out.begin_object().key("url").string("populationId").key("valueString").string(item->id.empty() ? item->expression : item->id).end_object();
      out.end_array().end_object().end_array();
      out.key("status").string("final").key("code");
      if (summary) {
        out.begin_object();
        if (!coded.system.empty())
          out.key("coding").begin_array().begin_object().key("system").string(coded.system).key("code").string(coded.code).end_object().end_array();
        out.key("text").string(coded.display.empty() ? coded.code : coded.display).end_object();
        out.key("valueInteger").integer(static_cast<std::int64_t>(count));
      } else {
        out.begin_object().key("text").string(item->code.empty() ? item->expression : item->code).end_object();
        if (coded.system.empty()) {
          out.key("valueString").string(coded.code);
        } else {
          out.key("valueCodeableConcept");
          write_code(out, coded.system, coded.code, coded.display);
        }
      }
      out.end_object();
    }
  }
  out.end_array();
  return number;
}

void write_evaluated(json::Writer& out, const std::vector<std::string>& resources, int contained) {
  if (resources.empty() && contained == 0) return;
  out.key("evaluatedResource").begin_array();
  for (const std::string& resource : resources) out.begin_object().key("reference").string(resource).end_object();
  for (int i = 1; i <= contained; ++i) out.begin_object().key("reference").string("#supplemental-" + std::to_string(i)).end_object();
  out.end_array();
}

void write_head(json::Writer& out, const Measure& measure, const ReportFrame& frame, const char* type, const std::string& subject) {
  out.key("status").string("complete").key("type").string(type);
  const std::string& url = measure.url.empty() ? measure.name : measure.url;
  if (!url.empty()) out.key("measure").string(measure.version.empty() ? url : url + "|" + measure.version);
  if (!subject.empty()) out.key("subject").begin_object().key("reference").string("Patient/" + subject).end_object();
  if (!frame.date.empty()) out.key("date").string(frame.date);
  out.key("period").begin_object().key("start").string(frame.period_start).key("end").string(frame.period_end).end_object();
  if (measure.improvement.empty()) return;
  out.key("improvementNotation");
  write_code(out, "http://terminology.hl7.org/CodeSystem/measure-improvement-notation", measure.improvement, "");
}

std::string safe_id(const std::string& text) {
  std::string id;
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    id += good ? c : '-';
  }
  return id.substr(0, 64);
}

}  // namespace

std::optional<Decimal> measure_score(const Group& group, const std::vector<std::size_t>& counts, const std::vector<std::vector<Decimal>>& observations) {
  auto count = [&](PopulationKind kind) {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < group.populations.size(); ++i) {
      if (group.populations[i].kind == kind) total += static_cast<std::int64_t>(counts[i]);
    }
    return total;
  };
  std::vector<const Population*> observers;
  for (const Population& population : group.populations) {
    if (population.kind == PopulationKind::measure_observation) observers.push_back(&population);
  }
  using K = PopulationKind;
  if (group.scoring == Scoring::cohort) return std::nullopt;
  if (group.scoring == Scoring::continuous_variable) {
    if (observers.empty() || observations.empty()) return std::nullopt;
    return aggregate(observers[0]->aggregate, observations[0]);
  }
  if (group.scoring == Scoring::ratio && observers.size() == 2 && observations.size() == 2) {
    std::optional<Decimal> numerator;
    std::optional<Decimal> denominator;
    for (std::size_t i = 0; i < 2; ++i) {
      bool upper = i == 1;
      for (const Population& population : group.populations) {
        if (population.id == observers[i]->criteria_reference) upper = population.kind == K::numerator;
      }
      (upper ? numerator : denominator) = aggregate(observers[i]->aggregate.empty() ? "sum" : observers[i]->aggregate, observations[i]);
    }
    if (!numerator || !denominator) return std::nullopt;
    return numerator->divided_by(*denominator);
  }
  const std::int64_t denominator = count(K::denominator) - count(K::denominator_exclusion) - count(K::denominator_exception);
  if (denominator <= 0) return std::nullopt;
  return Decimal::of(count(K::numerator) - count(K::numerator_exclusion)).divided_by(Decimal::of(denominator));
}

std::string individual_report(const Measure& measure, const SubjectResult& result, const ReportFrame& frame) {
  json::Writer out;
  begin_report(out, safe_id(result.subject));
  std::vector<std::pair<const SupplementalData*, std::map<Coded, std::size_t>>> data;
  for (std::size_t i = 0; i < measure.supplemental.size(); ++i) {
    std::vector<Coded> codes;
    collect_codes(result.supplemental[i], codes);
    std::map<Coded, std::size_t> counted;
    for (const Coded& code : codes) counted[code] = 1;
    data.emplace_back(&measure.supplemental[i], std::move(counted));
  }
  const int contained = write_contained(out, data, false);
  write_head(out, measure, frame, "individual", result.subject);
  out.key("group").begin_array();
  for (std::size_t g = 0; g < measure.groups.size(); ++g) {
    Totals totals;
    add(totals, result.groups[g]);
    write_group(out, measure.groups[g], totals);
  }
  out.end_array();
  write_evaluated(out, result.evaluated, contained);
  out.end_object();
  return out.take();
}

std::string summary_report(const Measure& measure, const std::vector<SubjectResult>& results, const ReportFrame& frame) {
  json::Writer out;
  begin_report(out, safe_id(measure.name.empty() ? "summary" : measure.name + "-summary"));
  std::vector<std::pair<const SupplementalData*, std::map<Coded, std::size_t>>> data;
  for (std::size_t i = 0; i < measure.supplemental.size(); ++i) {
    std::map<Coded, std::size_t> counted;
    for (const SubjectResult& result : results) {
      // Only of subjects in an initial population.
      const bool in =
          std::any_of(result.groups.begin(), result.groups.end(), [](const GroupResult& g) { return !g.populations.empty() && g.populations[0].count > 0; });
      if (!in) continue;
      std::vector<Coded> codes;
      collect_codes(result.supplemental[i], codes);
      for (const Coded& code : codes) ++counted[code];
    }
    data.emplace_back(&measure.supplemental[i], std::move(counted));
  }
  const int contained = write_contained(out, data, true);
  write_head(out, measure, frame, "summary", "");
  out.key("group").begin_array();
  for (std::size_t g = 0; g < measure.groups.size(); ++g) {
    Totals totals;
    totals.counts.resize(measure.groups[g].populations.size());
    for (const SubjectResult& result : results) add(totals, result.groups[g]);
    write_group(out, measure.groups[g], totals);
  }
  out.end_array();
  write_evaluated(out, {}, contained);
  out.end_object();
  return out.take();
}

}  // namespace catchment::measures
