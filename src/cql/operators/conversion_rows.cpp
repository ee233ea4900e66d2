// Rows of the operator table: conversions.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;

constexpr Row rows[] = {
    {"ToBoolean", "Boolean", "Boolean", propagates, nullptr, "toboolean"},
    {"ToBoolean", "Integer", "Boolean", propagates, nullptr, "toboolean"},
    {"ToBoolean", "Long", "Boolean", propagates, nullptr, "toboolean"},
    {"ToBoolean", "Decimal", "Boolean", propagates, nullptr, "toboolean"},
    {"ToBoolean", "String", "Boolean", propagates, nullptr, "toboolean"},
    {"ToInteger", "Integer", "Integer", propagates, nullptr, "tointeger"},
    {"ToInteger", "Boolean", "Integer", propagates, nullptr, "tointeger"},
    {"ToInteger", "Long", "Integer", propagates, nullptr, "tointeger"},
    {"ToInteger", "Decimal", "Integer", propagates, nullptr, "tointeger"},
    {"ToInteger", "String", "Integer", propagates, nullptr, "tointeger"},
    {"ToLong", "Long", "Long", propagates, nullptr, "tolong"},
    {"ToLong", "Boolean", "Long", propagates, nullptr, "tolong"},
    {"ToLong", "Integer", "Long", propagates, nullptr, "tolong"},
    {"ToLong", "Decimal", "Long", propagates, nullptr, "tolong"},
    {"ToLong", "String", "Long", propagates, nullptr, "tolong"},
    {"ToDecimal", "Decimal", "Decimal", propagates, nullptr, "todecimal"},
    {"ToDecimal", "Boolean", "Decimal", propagates, nullptr, "todecimal"},
    {"ToDecimal", "Integer", "Decimal", propagates, nullptr, "todecimal"},
    {"ToDecimal", "Long", "Decimal", propagates, nullptr, "todecimal"},
    {"ToDecimal", "String", "Decimal", propagates, nullptr, "todecimal"},
    {"ToQuantity", "Quantity", "Quantity", propagates, nullptr, "toquantity"},
    {"ToQuantity", "Integer", "Quantity", propagates, nullptr, "toquantity"},
    {"ToQuantity", "Long", "Quantity", propagates, nullptr, "toquantity"},
    {"ToQuantity", "Decimal", "Quantity", propagates, nullptr, "toquantity"},
    {"ToQuantity", "String", "Quantity", propagates, nullptr, "toquantity"},
    {"ToQuantity", "Ratio", "Quantity", propagates, nullptr, "toquantity"},
    {"ToQuantity", "Decimal, String", "Quantity", propagates, nullptr, "toquantity"},
    {"ToRatio", "Ratio", "Ratio", propagates, nullptr, "toratio"},
    {"ToRatio", "String", "Ratio", propagates, nullptr, "toratio"},
    {"ToString", "String", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Boolean", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Integer", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Long", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Decimal", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Quantity", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Ratio", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Date", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "DateTime", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Time", "String", propagates, nullptr, "tostring-1"},
    {"ToString", "Any", "String", propagates, nullptr, "tostring-1"},
    {"ToDate", "Date", "Date", propagates, nullptr, "todate"},
    {"ToDate", "DateTime", "Date", propagates, nullptr, "todate"},
    {"ToDate", "String", "Date", propagates, nullptr, "todate"},
    {"ToDateTime", "DateTime", "DateTime", propagates, nullptr, "todatetime"},
    {"ToDateTime", "Date", "DateTime", propagates, nullptr, "todatetime"},
    {"ToDateTime", "String", "DateTime", propagates, nullptr, "todatetime"},
    {"ToTime", "Time", "Time", propagates, nullptr, "totime"},
    {"ToTime", "DateTime", "Time", propagates, nullptr, "totime"},
    {"ToTime", "String", "Time", propagates, nullptr, "totime"},
    {"ToConcept", "Concept", "Concept", propagates, nullptr, "toconcept"},
    {"ToConcept", "Code", "Concept", propagates, nullptr, "toconcept"},
    {"ToConcept", "List<Code>", "Concept", propagates, nullptr, "toconcept"},
    {"ToCodes", "Concept", "List<Code>", propagates, nullptr, "toconcept"},
    {"ConvertsToBoolean", "Any", "Boolean", propagates, nullptr, "convertstoboolean"},
    {"ConvertsToInteger", "Any", "Boolean", propagates, nullptr, "convertstointeger"},
    {"ConvertsToLong", "Any", "Boolean", propagates, nullptr, "convertstolong"},
    {"ConvertsToDecimal", "Any", "Boolean", propagates, nullptr, "convertstodecimal"},
    {"ConvertsToQuantity", "Any", "Boolean", propagates, nullptr, "convertstoquantity"},
    {"ConvertsToRatio", "Any", "Boolean", propagates, nullptr, "convertstoratio"},
    {"ConvertsToDate", "Any", "Boolean", propagates, nullptr, "convertstodate"},
    {"ConvertsToDateTime", "Any", "Boolean", propagates, nullptr, "convertstodatetime"},
    {"ConvertsToTime", "Any", "Boolean", propagates, nullptr, "convertstotime"},
    {"ConvertsToString", "Any", "Boolean", propagates, nullptr, "convertstostring"},
    {"ConvertQuantity", "Quantity, String", "Quantity", propagates, nullptr, "convertquantity"},
    {"CanConvertQuantity", "Quantity, String", "Boolean", propagates, nullptr, "canconvertquantity"},
};

}  // namespace

std::span<const Row> conversion_rows() { return rows; }

}  // namespace catchment::cql
