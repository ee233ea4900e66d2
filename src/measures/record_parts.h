// The elements inside a resource that is a view of a row: CodeableConcept, Coding, Quantity, Period, and plain
// groups of elements (Reference, Encounter.hospitalization, ...). Private to measures.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "cql/cql.h"

namespace catchment::measures {

/// CodeableConcept of `concept`, a Concept.
cql::Value concept_object(cql::Value concept_value);
/// Coding of `code`, a Code.
cql::Value coding_object(cql::Value code);
/// A Quantity; `type` is its class ("FHIR.Quantity", "FHIR.Duration"). With a comparator it has no one value for CQL.
cql::Value quantity_object(cql::Decimal value, std::string_view unit, std::string_view comparator, std::string_view type);
/// A Period of two DateTimes, either null.
cql::Value period_object(cql::Value start, cql::Value end);
/// Elements under a class name that outlives the value; null ones are absent.
cql::Value part_object(std::string_view type, std::vector<std::pair<std::string_view, cql::Value>> elements);
cql::Value reference_object(std::string reference);

/// The number in CQL: to eight places, exactly what a source with at most eight places wrote.
cql::Decimal decimal_of(double number);
/// A dateTime known to the day; null for no_value.
cql::Value day_value(std::int64_t days, cql::TemporalKind kind = cql::TemporalKind::datetime, cql::Precision precision = cql::Precision::day);
/// An instant whose calendar day is `days`: in UTC, or in the whole-hour offset that makes it that day.
cql::Value moment_value(std::int64_t utc_ms, std::int64_t days);

/// The value as asked for: a system type ("Concept", "Interval<DateTime>") converts, a model type does not.
cql::Value as_asked(cql::Value value, std::string_view type);

}  // namespace catchment::measures
