// Rows of the operator table: conversions.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;

constexpr Row rows[] = {
    {"ToBoolean", "Boolean", "Boolean", propagates, to_boolean, "toboolean"},
    {"ToBoolean", "Integer", "Boolean", propagates, to_boolean, "toboolean"},
    {"ToBoolean", "Long", "Boolean", propagates, to_boolean, "toboolean"},
    {"ToBoolean", "Decimal", "Boolean", propagates, to_boolean, "toboolean"},
    {"ToBoolean", "String", "Boolean", propagates, to_boolean, "toboolean"},
    {"ToInteger", "Integer", "Integer", propagates, to_integer, "tointeger"},
    {"ToInteger", "Boolean", "Integer", propagates, to_integer, "tointeger"},
    {"ToInteger", "Long", "Integer", propagates, to_integer, "tointeger"},
    {"ToInteger", "Decimal", "Integer", propagates, to_integer, "tointeger"},
    {"ToInteger", "String", "Integer", propagates, to_integer, "tointeger"},
    {"ToLong", "Long", "Long", propagates, to_long, "tolong"},
    {"ToLong", "Boolean", "Long", propagates, to_long, "tolong"},
    {"ToLong", "Integer", "Long", propagates, to_long, "tolong"},
    {"ToLong", "Decimal", "Long", propagates, to_long, "tolong"},
    {"ToLong", "String", "Long", propagates, to_long, "tolong"},
    {"ToDecimal", "Decimal", "Decimal", propagates, to_decimal, "todecimal"},
    {"ToDecimal", "Boolean", "Decimal", propagates, to_decimal, "todecimal"},
    {"ToDecimal", "Integer", "Decimal", propagates, to_decimal, "todecimal"},
    {"ToDecimal", "Long", "Decimal", propagates, to_decimal, "todecimal"},
    {"ToDecimal", "String", "Decimal", propagates, to_decimal, "todecimal"},
    {"ToQuantity", "Quantity", "Quantity", propagates, to_quantity, "toquantity"},
    {"ToQuantity", "Integer", "Quantity", propagates, to_quantity, "toquantity"},
    {"ToQuantity", "Long", "Quantity", propagates, to_quantity, "toquantity"},
    {"ToQuantity", "Decimal", "Quantity", propagates, to_quantity, "toquantity"},
    {"ToQuantity", "String", "Quantity", propagates, to_quantity, "toquantity"},
    {"ToQuantity", "Ratio", "Quantity", propagates, to_quantity, "toquantity"},
    {"ToQuantity", "Decimal, String", "Quantity", propagates, to_quantity_with_unit, "toquantity"},
    {"ToRatio", "Ratio", "Ratio", propagates, to_ratio, "toratio"},
    {"ToRatio", "String", "Ratio", propagates, to_ratio, "toratio"},
    {"ToString", "String", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Boolean", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Integer", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Long", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Decimal", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Quantity", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Ratio", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Date", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "DateTime", "String", propagates, to_string_value, "tostring-1"},
    {"ToString", "Time", "String", propagates, to_string_value, "tostring-1"},
    {"ToDate", "Date", "Date", propagates, to_date, "todate"},
    {"ToDate", "DateTime", "Date", propagates, to_date, "todate"},
    {"ToDate", "String", "Date", propagates, to_date, "todate"},
    {"ToDateTime", "DateTime", "DateTime", propagates, to_datetime, "todatetime"},
    {"ToDateTime", "Date", "DateTime", propagates, to_datetime, "todatetime"},
    {"ToDateTime", "String", "DateTime", propagates, to_datetime, "todatetime"},
    {"ToTime", "Time", "Time", propagates, to_time, "totime"},
    {"ToTime", "DateTime", "Time", propagates, to_time, "totime"},
    {"ToTime", "String", "Time", propagates, to_time, "totime"},
    {"ToConcept", "Concept", "Concept", propagates, to_concept, "toconcept"},
    {"ToConcept", "Code", "Concept", propagates, to_concept, "toconcept"},
    {"ToConcept", "List<Code>", "Concept", propagates, to_concept, "toconcept"},
    {"ToCodes", "Concept", "List<Code>", propagates, to_codes, "toconcept"},
    {"ConvertsToBoolean", "Any", "Boolean", propagates, converts_to_boolean, "convertstoboolean"},
    {"ConvertsToInteger", "Any", "Boolean", propagates, converts_to_integer, "convertstointeger"},
    {"ConvertsToLong", "Any", "Boolean", propagates, converts_to_long, "convertstolong"},
    {"ConvertsToDecimal", "Any", "Boolean", propagates, converts_to_decimal, "convertstodecimal"},
    {"ConvertsToQuantity", "Any", "Boolean", propagates, converts_to_quantity, "convertstoquantity"},
    {"ConvertsToRatio", "Any", "Boolean", propagates, converts_to_ratio, "convertstoratio"},
    {"ConvertsToDate", "Any", "Boolean", propagates, converts_to_date, "convertstodate"},
    {"ConvertsToDateTime", "Any", "Boolean", propagates, converts_to_datetime, "convertstodatetime"},
    {"ConvertsToTime", "Any", "Boolean", propagates, converts_to_time, "convertstotime"},
    {"ConvertsToString", "Any", "Boolean", propagates, converts_to_string, "convertstostring"},
    {"ConvertQuantity", "Quantity, String", "Quantity", propagates, convert_quantity, "convertquantity"},
    {"CanConvertQuantity", "Quantity, String", "Boolean", propagates, can_convert_quantity, "canconvertquantity"},
};

}  // namespace

std::span<const Row> conversion_rows() { return rows; }

}  // namespace catchment::cql
