// Rows of the operator table: ages and terminology.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"AgeInYears", "", "Integer", own, nullptr, "age"},
    {"AgeInYearsAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInYearsAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInYears", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInYears", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInYearsAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInYearsAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"AgeInMonths", "", "Integer", own, nullptr, "age"},
    {"AgeInMonthsAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInMonthsAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInMonths", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInMonths", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInMonthsAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInMonthsAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"AgeInWeeks", "", "Integer", own, nullptr, "age"},
    {"AgeInWeeksAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInWeeksAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInWeeks", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInWeeks", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInWeeksAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInWeeksAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"AgeInDays", "", "Integer", own, nullptr, "age"},
    {"AgeInDaysAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInDaysAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInDays", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInDays", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInDaysAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInDaysAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"AgeInHours", "", "Integer", own, nullptr, "age"},
    {"AgeInHoursAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInHoursAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInHours", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInHours", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInHoursAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInHoursAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"AgeInMinutes", "", "Integer", own, nullptr, "age"},
    {"AgeInMinutesAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInMinutesAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInMinutes", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInMinutes", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInMinutesAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInMinutesAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"AgeInSeconds", "", "Integer", own, nullptr, "age"},
    {"AgeInSecondsAt", "Date", "Integer", propagates, nullptr, "ageat"},
    {"AgeInSecondsAt", "DateTime", "Integer", propagates, nullptr, "ageat"},
    {"CalculateAgeInSeconds", "Date", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInSeconds", "DateTime", "Integer", propagates, nullptr, "calculateage"},
    {"CalculateAgeInSecondsAt", "Date, Date", "Integer", propagates, nullptr, "calculateageat"},
    {"CalculateAgeInSecondsAt", "DateTime, DateTime", "Integer", propagates, nullptr, "calculateageat"},
    {"In", "Code, ValueSet", "Boolean", own, nullptr, "in-valueset"},
    {"In", "Concept, ValueSet", "Boolean", own, nullptr, "in-valueset"},
    {"In", "String, ValueSet", "Boolean", own, nullptr, "in-valueset"},
    {"AnyInValueSet", "List<Code>, ValueSet", "Boolean", own, nullptr, "anyinvalueset"},
    {"AnyInValueSet", "List<Concept>, ValueSet", "Boolean", own, nullptr, "anyinvalueset"},
    {"AnyInValueSet", "List<String>, ValueSet", "Boolean", own, nullptr, "anyinvalueset"},
    {"In", "List<Code>, ValueSet", "Boolean", own, nullptr, "in-valueset"},
    {"In", "List<Concept>, ValueSet", "Boolean", own, nullptr, "in-valueset"},
    {"In", "List<String>, ValueSet", "Boolean", own, nullptr, "in-valueset"},
    {"In", "Code, CodeSystem", "Boolean", own, nullptr, "in-codesystem"},
    {"In", "Concept, CodeSystem", "Boolean", own, nullptr, "in-codesystem"},
    {"In", "String, CodeSystem", "Boolean", own, nullptr, "in-codesystem"},
    {"AnyInCodeSystem", "List<Code>, CodeSystem", "Boolean", own, nullptr, "anyincodesystem"},
    {"AnyInCodeSystem", "List<Concept>, CodeSystem", "Boolean", own, nullptr, "anyincodesystem"},
    {"AnyInCodeSystem", "List<String>, CodeSystem", "Boolean", own, nullptr, "anyincodesystem"},
    {"In", "List<Code>, CodeSystem", "Boolean", own, nullptr, "in-codesystem"},
    {"In", "List<Concept>, CodeSystem", "Boolean", own, nullptr, "in-codesystem"},
    {"In", "List<String>, CodeSystem", "Boolean", own, nullptr, "in-codesystem"},
    {"ExpandValueSet", "ValueSet", "List<Code>", propagates, nullptr, "expandvalueset"},
    {"Subsumes", "Code, Code", "Boolean", propagates, nullptr, "subsumes"},
    {"Subsumes", "Concept, Concept", "Boolean", propagates, nullptr, "subsumes"},
    {"SubsumedBy", "Code, Code", "Boolean", propagates, nullptr, "subsumedby"},
    {"SubsumedBy", "Concept, Concept", "Boolean", propagates, nullptr, "subsumedby"},
};

}  // namespace

std::span<const Row> clinical_rows() { return rows; }

}  // namespace catchment::cql
