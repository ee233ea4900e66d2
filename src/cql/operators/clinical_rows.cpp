// Rows of the operator table: ages and terminology.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"AgeInYears", "", "Integer", own, age_in_years, "age"},
    {"AgeInYearsAt", "Date", "Integer", propagates, age_in_years_at, "ageat"},
    {"AgeInYearsAt", "DateTime", "Integer", propagates, age_in_years_at, "ageat"},
    {"CalculateAgeInYears", "Date", "Integer", propagates, calculate_age_in_years, "calculateage"},
    {"CalculateAgeInYears", "DateTime", "Integer", propagates, calculate_age_in_years, "calculateage"},
    {"CalculateAgeInYearsAt", "Date, Date", "Integer", propagates, calculate_age_in_years_at, "calculateageat"},
    {"CalculateAgeInYearsAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_years_at, "calculateageat"},
    {"AgeInMonths", "", "Integer", own, age_in_months, "age"},
    {"AgeInMonthsAt", "Date", "Integer", propagates, age_in_months_at, "ageat"},
    {"AgeInMonthsAt", "DateTime", "Integer", propagates, age_in_months_at, "ageat"},
    {"CalculateAgeInMonths", "Date", "Integer", propagates, calculate_age_in_months, "calculateage"},
    {"CalculateAgeInMonths", "DateTime", "Integer", propagates, calculate_age_in_months, "calculateage"},
    {"CalculateAgeInMonthsAt", "Date, Date", "Integer", propagates, calculate_age_in_months_at, "calculateageat"},
    {"CalculateAgeInMonthsAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_months_at, "calculateageat"},
    {"AgeInWeeks", "", "Integer", own, age_in_weeks, "age"},
    {"AgeInWeeksAt", "Date", "Integer", propagates, age_in_weeks_at, "ageat"},
    {"AgeInWeeksAt", "DateTime", "Integer", propagates, age_in_weeks_at, "ageat"},
    {"CalculateAgeInWeeks", "Date", "Integer", propagates, calculate_age_in_weeks, "calculateage"},
    {"CalculateAgeInWeeks", "DateTime", "Integer", propagates, calculate_age_in_weeks, "calculateage"},
    {"CalculateAgeInWeeksAt", "Date, Date", "Integer", propagates, calculate_age_in_weeks_at, "calculateageat"},
    {"CalculateAgeInWeeksAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_weeks_at, "calculateageat"},
    {"AgeInDays", "", "Integer", own, age_in_days, "age"},
    {"AgeInDaysAt", "Date", "Integer", propagates, age_in_days_at, "ageat"},
    {"AgeInDaysAt", "DateTime", "Integer", propagates, age_in_days_at, "ageat"},
    {"CalculateAgeInDays", "Date", "Integer", propagates, calculate_age_in_days, "calculateage"},
    {"CalculateAgeInDays", "DateTime", "Integer", propagates, calculate_age_in_days, "calculateage"},
    {"CalculateAgeInDaysAt", "Date, Date", "Integer", propagates, calculate_age_in_days_at, "calculateageat"},
    {"CalculateAgeInDaysAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_days_at, "calculateageat"},
    {"AgeInHours", "", "Integer", own, age_in_hours, "age"},
    {"AgeInHoursAt", "Date", "Integer", propagates, age_in_hours_at, "ageat"},
    {"AgeInHoursAt", "DateTime", "Integer", propagates, age_in_hours_at, "ageat"},
    {"CalculateAgeInHours", "Date", "Integer", propagates, calculate_age_in_hours, "calculateage"},
    {"CalculateAgeInHours", "DateTime", "Integer", propagates, calculate_age_in_hours, "calculateage"},
    {"CalculateAgeInHoursAt", "Date, Date", "Integer", propagates, calculate_age_in_hours_at, "calculateageat"},
    {"CalculateAgeInHoursAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_hours_at, "calculateageat"},
    {"AgeInMinutes", "", "Integer", own, age_in_minutes, "age"},
    {"AgeInMinutesAt", "Date", "Integer", propagates, age_in_minutes_at, "ageat"},
    {"AgeInMinutesAt", "DateTime", "Integer", propagates, age_in_minutes_at, "ageat"},
    {"CalculateAgeInMinutes", "Date", "Integer", propagates, calculate_age_in_minutes, "calculateage"},
    {"CalculateAgeInMinutes", "DateTime", "Integer", propagates, calculate_age_in_minutes, "calculateage"},
    {"CalculateAgeInMinutesAt", "Date, Date", "Integer", propagates, calculate_age_in_minutes_at, "calculateageat"},
    {"CalculateAgeInMinutesAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_minutes_at, "calculateageat"},
    {"AgeInSeconds", "", "Integer", own, age_in_seconds, "age"},
    {"AgeInSecondsAt", "Date", "Integer", propagates, age_in_seconds_at, "ageat"},
    {"AgeInSecondsAt", "DateTime", "Integer", propagates, age_in_seconds_at, "ageat"},
    {"CalculateAgeInSeconds", "Date", "Integer", propagates, calculate_age_in_seconds, "calculateage"},
    {"CalculateAgeInSeconds", "DateTime", "Integer", propagates, calculate_age_in_seconds, "calculateage"},
    {"CalculateAgeInSecondsAt", "Date, Date", "Integer", propagates, calculate_age_in_seconds_at, "calculateageat"},
    {"CalculateAgeInSecondsAt", "DateTime, DateTime", "Integer", propagates, calculate_age_in_seconds_at, "calculateageat"},
    {"In", "Code, ValueSet", "Boolean", own, in_value_set, "in-valueset"},
    {"In", "Concept, ValueSet", "Boolean", own, in_value_set, "in-valueset"},
    {"In", "String, ValueSet", "Boolean", own, in_value_set, "in-valueset"},
    {"AnyInValueSet", "List<Code>, ValueSet", "Boolean", own, any_in_value_set, "anyinvalueset"},
    {"AnyInValueSet", "List<Concept>, ValueSet", "Boolean", own, any_in_value_set, "anyinvalueset"},
    {"AnyInValueSet", "List<String>, ValueSet", "Boolean", own, any_in_value_set, "anyinvalueset"},
    {"In", "List<Code>, ValueSet", "Boolean", own, any_in_value_set, "in-valueset"},
    {"In", "List<Concept>, ValueSet", "Boolean", own, any_in_value_set, "in-valueset"},
    {"In", "List<String>, ValueSet", "Boolean", own, any_in_value_set, "in-valueset"},
    {"In", "Code, CodeSystem", "Boolean", own, in_code_system, "in-codesystem"},
    {"In", "Concept, CodeSystem", "Boolean", own, in_code_system, "in-codesystem"},
    {"In", "String, CodeSystem", "Boolean", own, in_code_system, "in-codesystem"},
    {"AnyInCodeSystem", "List<Code>, CodeSystem", "Boolean", own, any_in_code_system, "anyincodesystem"},
    {"AnyInCodeSystem", "List<Concept>, CodeSystem", "Boolean", own, any_in_code_system, "anyincodesystem"},
    {"AnyInCodeSystem", "List<String>, CodeSystem", "Boolean", own, any_in_code_system, "anyincodesystem"},
    {"In", "List<Code>, CodeSystem", "Boolean", own, any_in_code_system, "in-codesystem"},
    {"In", "List<Concept>, CodeSystem", "Boolean", own, any_in_code_system, "in-codesystem"},
    {"In", "List<String>, CodeSystem", "Boolean", own, any_in_code_system, "in-codesystem"},
    {"ExpandValueSet", "ValueSet", "List<Code>", propagates, expand_value_set, "expandvalueset"},
    {"Subsumes", "Code, Code", "Boolean", propagates, subsumes, "subsumes"},
    {"Subsumes", "Concept, Concept", "Boolean", propagates, subsumes, "subsumes"},
    {"SubsumedBy", "Code, Code", "Boolean", propagates, subsumed_by, "subsumedby"},
    {"SubsumedBy", "Concept, Concept", "Boolean", propagates, subsumed_by, "subsumedby"},
};

}  // namespace

std::span<const Row> clinical_rows() { return rows; }

}  // namespace catchment::cql
