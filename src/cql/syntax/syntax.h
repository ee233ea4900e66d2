// Reading and printing CQL source (CQL 1.5.3 with Slice and the 2.0 forms that do not change meaning).
// In: bytes. Out: a syntax tree and every error found, each with line, column, the offending text and a
// likely fix. Always: terminates, never throws on any input, bounded depth; print(parse(x)) parses to the
// same tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "cql/syntax/tree.h"

namespace catchment::cql::syntax {

/// `file` is only used in diagnostics.
Library parse_library(std::string_view source, const std::string& file, Diagnostics& diagnostics);

/// One expression and nothing after it; null when it has an error.
ExpressionPtr parse_expression(std::string_view source, const std::string& file, Diagnostics& diagnostics);

/// One type specifier ("List<FHIR.Observation>"), as model info files write them; nothing when malformed.
std::optional<TypeSpecifier> parse_type(std::string_view source);

std::string print(const Library& library);
std::string print(const Expression& expression);
std::string print(const TypeSpecifier& type);
/// The tree as nested brackets, for comparing trees in tests.
std::string outline(const Expression& expression);

/// A bare name when it may be bare, else quoted.
std::string print_name(const std::string& name);

bool is_keyword(std::string_view word);
/// Keywords that may not stand bare where a name is referred to.
bool is_reserved(std::string_view word);
/// year .. millisecond, singular or plural.
Precision precision_of(std::string_view word);
bool is_plural_precision(std::string_view word);
/// "day"; plural "days".
std::string_view to_word(Precision precision, bool plural = false);

}  // namespace catchment::cql::syntax
