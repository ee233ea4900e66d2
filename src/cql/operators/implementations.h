// Declarations of the operators' implementations, for the rows of the table. Private to operators/.
#pragma once

#include "cql/operators/operators.h"
#include "cql/values/value.h"

namespace catchment::cql::implementations {

using Operands = std::span<const Value>;

// logical
Value logical_and(const Call& call, Operands operands);
Value logical_or(const Call& call, Operands operands);
Value logical_xor(const Call& call, Operands operands);
Value logical_implies(const Call& call, Operands operands);
Value logical_not(const Call& call, Operands operands);
Value is_null(const Call& call, Operands operands);
Value is_true(const Call& call, Operands operands);
Value is_false(const Call& call, Operands operands);
Value coalesce(const Call& call, Operands operands);
Value coalesce_list(const Call& call, Operands operands);
Value message(const Call& call, Operands operands);

// arithmetic
Value abs_value(const Call& call, Operands operands);
Value add(const Call& call, Operands operands);
Value concatenate(const Call& call, Operands operands);
Value add_to_temporal(const Call& call, Operands operands);
Value ceiling(const Call& call, Operands operands);
Value divide_values(const Call& call, Operands operands);
Value exponential(const Call& call, Operands operands);
Value floor_value(const Call& call, Operands operands);
Value high_boundary(const Call& call, Operands operands);
Value low_boundary(const Call& call, Operands operands);
Value natural_logarithm(const Call& call, Operands operands);
Value logarithm(const Call& call, Operands operands);
Value maximum_value(const Call& call, Operands operands);
Value minimum_value(const Call& call, Operands operands);
Value modulo(const Call& call, Operands operands);
Value multiply(const Call& call, Operands operands);
Value negate(const Call& call, Operands operands);
Value power(const Call& call, Operands operands);
Value precision_of(const Call& call, Operands operands);
Value predecessor_of(const Call& call, Operands operands);
Value round_value(const Call& call, Operands operands);
Value subtract(const Call& call, Operands operands);
Value subtract_from_temporal(const Call& call, Operands operands);
Value successor_of(const Call& call, Operands operands);
Value truncate_value(const Call& call, Operands operands);
Value truncated_divide(const Call& call, Operands operands);

// comparison
Value equal_values(const Call& call, Operands operands);
Value not_equal_values(const Call& call, Operands operands);
Value equivalent_values(const Call& call, Operands operands);
Value not_equivalent_values(const Call& call, Operands operands);
Value less_than(const Call& call, Operands operands);
Value less_or_equal(const Call& call, Operands operands);
Value greater_than(const Call& call, Operands operands);
Value greater_or_equal(const Call& call, Operands operands);
Value comparable(const Call& call, Operands operands);

// temporal
Value make_date(const Call& call, Operands operands);
Value make_datetime(const Call& call, Operands operands);
Value make_time(const Call& call, Operands operands);
Value now(const Call& call, Operands operands);
Value today(const Call& call, Operands operands);
Value time_of_day(const Call& call, Operands operands);
Value duration(const Call& call, Operands operands);
Value difference(const Call& call, Operands operands);
Value component_from(const Call& call, Operands operands);
Value date_from(const Call& call, Operands operands);
Value time_from(const Call& call, Operands operands);
Value offset_from(const Call& call, Operands operands);
Value before_point(const Call& call, Operands operands);
Value after_point(const Call& call, Operands operands);
Value same_point(const Call& call, Operands operands);
Value same_or_before_point(const Call& call, Operands operands);
Value same_or_after_point(const Call& call, Operands operands);

// interval
Value before_interval(const Call& call, Operands operands);
Value after_interval(const Call& call, Operands operands);
Value same_or_before_interval(const Call& call, Operands operands);
Value same_or_after_interval(const Call& call, Operands operands);
Value same_interval(const Call& call, Operands operands);
Value collapse(const Call& call, Operands operands);
Value expand(const Call& call, Operands operands);
Value interval_contains(const Call& call, Operands operands);
Value in_interval(const Call& call, Operands operands);
Value interval_includes(const Call& call, Operands operands);
Value interval_included_in(const Call& call, Operands operands);
Value interval_properly_contains(const Call& call, Operands operands);
Value properly_in_interval(const Call& call, Operands operands);
Value interval_properly_includes(const Call& call, Operands operands);
Value interval_properly_included_in(const Call& call, Operands operands);
Value starts(const Call& call, Operands operands);
Value ends(const Call& call, Operands operands);
Value meets(const Call& call, Operands operands);
Value meets_before(const Call& call, Operands operands);
Value meets_after(const Call& call, Operands operands);
Value overlaps(const Call& call, Operands operands);
Value overlaps_before(const Call& call, Operands operands);
Value overlaps_after(const Call& call, Operands operands);
Value start_of(const Call& call, Operands operands);
Value end_of(const Call& call, Operands operands);
Value point_from(const Call& call, Operands operands);
Value width(const Call& call, Operands operands);
Value size(const Call& call, Operands operands);
Value interval_union(const Call& call, Operands operands);
Value interval_intersect(const Call& call, Operands operands);
Value interval_except(const Call& call, Operands operands);

// list
Value list_contains(const Call& call, Operands operands);
Value in_list(const Call& call, Operands operands);
Value list_includes(const Call& call, Operands operands);
Value list_included_in(const Call& call, Operands operands);
Value list_properly_contains(const Call& call, Operands operands);
Value properly_in_list(const Call& call, Operands operands);
Value list_properly_includes(const Call& call, Operands operands);
Value list_properly_included_in(const Call& call, Operands operands);
Value distinct(const Call& call, Operands operands);
Value exists(const Call& call, Operands operands);
Value list_union(const Call& call, Operands operands);
Value list_intersect(const Call& call, Operands operands);
Value list_except(const Call& call, Operands operands);
Value flatten(const Call& call, Operands operands);
Value first(const Call& call, Operands operands);
Value last(const Call& call, Operands operands);
Value index_of(const Call& call, Operands operands);
Value list_indexer(const Call& call, Operands operands);
Value list_length(const Call& call, Operands operands);
Value singleton_from(const Call& call, Operands operands);
Value skip(const Call& call, Operands operands);
Value take(const Call& call, Operands operands);
Value tail(const Call& call, Operands operands);
Value slice(const Call& call, Operands operands);
Value children(const Call& call, Operands operands);
Value descendants(const Call& call, Operands operands);

// aggregate
Value all_true(const Call& call, Operands operands);
Value any_true(const Call& call, Operands operands);
Value average(const Call& call, Operands operands);
Value median(const Call& call, Operands operands);
Value population_standard_deviation(const Call& call, Operands operands);
Value population_variance(const Call& call, Operands operands);
Value standard_deviation(const Call& call, Operands operands);
Value variance(const Call& call, Operands operands);
Value geometric_mean(const Call& call, Operands operands);
Value count(const Call& call, Operands operands);
Value mode(const Call& call, Operands operands);
Value largest(const Call& call, Operands operands);
Value smallest(const Call& call, Operands operands);
Value sum(const Call& call, Operands operands);
Value product(const Call& call, Operands operands);

// string
Value combine(const Call& call, Operands operands);
Value concatenate_or_empty(const Call& call, Operands operands);
Value ends_with(const Call& call, Operands operands);
Value string_indexer(const Call& call, Operands operands);
Value last_position_of(const Call& call, Operands operands);
Value string_length(const Call& call, Operands operands);
Value lower(const Call& call, Operands operands);
Value matches(const Call& call, Operands operands);
Value matches_full(const Call& call, Operands operands);
Value position_of(const Call& call, Operands operands);
Value replace_matches(const Call& call, Operands operands);
Value split(const Call& call, Operands operands);
Value split_on_matches(const Call& call, Operands operands);
Value starts_with(const Call& call, Operands operands);
Value substring(const Call& call, Operands operands);
Value upper(const Call& call, Operands operands);

// conversion
Value to_boolean(const Call& call, Operands operands);
Value to_integer(const Call& call, Operands operands);
Value to_long(const Call& call, Operands operands);
Value to_decimal(const Call& call, Operands operands);
Value to_quantity(const Call& call, Operands operands);
Value to_quantity_with_unit(const Call& call, Operands operands);
Value to_ratio(const Call& call, Operands operands);
Value to_string_value(const Call& call, Operands operands);
Value to_date(const Call& call, Operands operands);
Value to_datetime(const Call& call, Operands operands);
Value to_time(const Call& call, Operands operands);
Value to_concept(const Call& call, Operands operands);
Value to_codes(const Call& call, Operands operands);
Value converts_to_boolean(const Call& call, Operands operands);
Value converts_to_integer(const Call& call, Operands operands);
Value converts_to_long(const Call& call, Operands operands);
Value converts_to_decimal(const Call& call, Operands operands);
Value converts_to_quantity(const Call& call, Operands operands);
Value converts_to_ratio(const Call& call, Operands operands);
Value converts_to_date(const Call& call, Operands operands);
Value converts_to_datetime(const Call& call, Operands operands);
Value converts_to_time(const Call& call, Operands operands);
Value converts_to_string(const Call& call, Operands operands);
Value convert_quantity(const Call& call, Operands operands);
Value can_convert_quantity(const Call& call, Operands operands);

// clinical
Value age_in_years(const Call& call, Operands operands);
Value age_in_years_at(const Call& call, Operands operands);
Value calculate_age_in_years(const Call& call, Operands operands);
Value calculate_age_in_years_at(const Call& call, Operands operands);
Value age_in_months(const Call& call, Operands operands);
Value age_in_months_at(const Call& call, Operands operands);
Value calculate_age_in_months(const Call& call, Operands operands);
Value calculate_age_in_months_at(const Call& call, Operands operands);
Value age_in_weeks(const Call& call, Operands operands);
Value age_in_weeks_at(const Call& call, Operands operands);
Value calculate_age_in_weeks(const Call& call, Operands operands);
Value calculate_age_in_weeks_at(const Call& call, Operands operands);
Value age_in_days(const Call& call, Operands operands);
Value age_in_days_at(const Call& call, Operands operands);
Value calculate_age_in_days(const Call& call, Operands operands);
Value calculate_age_in_days_at(const Call& call, Operands operands);
Value age_in_hours(const Call& call, Operands operands);
Value age_in_hours_at(const Call& call, Operands operands);
Value calculate_age_in_hours(const Call& call, Operands operands);
Value calculate_age_in_hours_at(const Call& call, Operands operands);
Value age_in_minutes(const Call& call, Operands operands);
Value age_in_minutes_at(const Call& call, Operands operands);
Value calculate_age_in_minutes(const Call& call, Operands operands);
Value calculate_age_in_minutes_at(const Call& call, Operands operands);
Value age_in_seconds(const Call& call, Operands operands);
Value age_in_seconds_at(const Call& call, Operands operands);
Value calculate_age_in_seconds(const Call& call, Operands operands);
Value calculate_age_in_seconds_at(const Call& call, Operands operands);
Value in_value_set(const Call& call, Operands operands);
Value any_in_value_set(const Call& call, Operands operands);
Value in_code_system(const Call& call, Operands operands);
Value any_in_code_system(const Call& call, Operands operands);
Value expand_value_set(const Call& call, Operands operands);
Value subsumes(const Call& call, Operands operands);
Value subsumed_by(const Call& call, Operands operands);

}  // namespace catchment::cql::implementations
