// What the build embeds: the FHIR 4.0.1 model info (from npm) and our FHIRHelpers.
#include "cql/types/model.h"

__asm__(
    ".section .rodata\n"
    ".global catchment_fhir_model_info_begin\n"
    ".global catchment_fhir_model_info_end\n"
    "catchment_fhir_model_info_begin:\n"
    ".incbin \"" CATCHMENT_FHIR_MODEL_INFO
    "\"\n"
    "catchment_fhir_model_info_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char catchment_fhir_model_info_begin[];
extern const char catchment_fhir_model_info_end[];
}

namespace catchment::cql {

std::string_view fhir_model_info() {
  return {catchment_fhir_model_info_begin, static_cast<std::size_t>(catchment_fhir_model_info_end - catchment_fhir_model_info_begin)};
}

// The functions FHIRHelpers 4.0.1 offers. The conversions themselves are built in, so most bodies just let them act.
std::string_view fhir_helpers_text() {
  return R"cql(library FHIRHelpers version '4.0.1'

using FHIR version '4.0.1'

context Patient

define fluent function ToInterval(period FHIR.Period) returns Interval<System.DateTime>: period
define fluent function ToInterval(range FHIR.Range) returns Interval<System.Quantity>: range
define fluent function ToInterval(quantity FHIR.Quantity) returns Interval<System.Quantity>:
  if quantity is null then null
  else case quantity.comparator.value
    when '<' then Interval[null, ToQuantityIgnoringComparator(quantity))
    when '<=' then Interval[null, ToQuantityIgnoringComparator(quantity)]
    when '>=' then Interval[ToQuantityIgnoringComparator(quantity), null]
    when '>' then Interval(ToQuantityIgnoringComparator(quantity), null]
    else Interval[ToQuantity(quantity), ToQuantity(quantity)]
  end
define fluent function ToQuantity(quantity FHIR.Quantity) returns System.Quantity: quantity
define fluent function ToQuantityIgnoringComparator(quantity FHIR.Quantity) returns System.Quantity:
  case
    when quantity is null or quantity.value is null then null
    else System.Quantity { value: quantity.value.value, unit: ToCalendarUnit(Coalesce(quantity.code.value, quantity.unit.value, '1')) }
  end
define fluent function ToCalendarUnit(unit System.String) returns System.String:
  case unit
    when 'ms' then 'millisecond'
    when 's' then 'second'
    when 'min' then 'minute'
    when 'h' then 'hour'
    when 'd' then 'day'
    when 'wk' then 'week'
    when 'mo' then 'month'
    when 'a' then 'year'
    else unit
  end
define fluent function ToRatio(ratio FHIR.Ratio) returns System.Ratio: ratio
define fluent function ToCode(coding FHIR.Coding) returns System.Code: coding
define fluent function ToConcept(concept FHIR.CodeableConcept) returns System.Concept: concept
define fluent function ToValueSet(uri System.String) returns System.ValueSet: System.ValueSet { id: uri }
define fluent function reference(reference System.String) returns FHIR.Reference:
  if reference is null then null else FHIR.Reference { reference: FHIR.string { value: reference } }
define fluent function ToString(value FHIR.string) returns System.String: value.value
define fluent function ToString(value FHIR.uri) returns System.String: value.value
define fluent function ToString(value System.String) returns System.String: value
define fluent function ToBoolean(value FHIR.boolean) returns System.Boolean: value.value
define fluent function ToDate(value FHIR.date) returns System.Date: value.value
define fluent function ToDateTime(value FHIR.dateTime) returns System.DateTime: value.value
define fluent function ToDateTime(value FHIR.instant) returns System.DateTime: value.value
define fluent function ToTime(value FHIR.time) returns System.Time: value.value
define fluent function ToDecimal(value FHIR.decimal) returns System.Decimal: value.value
define fluent function ToInteger(value FHIR.integer) returns System.Integer: value.value
)cql";
}

}  // namespace catchment::cql
