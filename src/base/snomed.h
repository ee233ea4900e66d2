// The shape of a SNOMED CT identifier.
#pragma once

#include <string_view>

namespace catchment {

/// Six to eighteen digits, the first not 0, that end with their Verhoeff check digit (SNOMED CT Release File
/// Specification, "Check-digit computation"). Says nothing of whether the concept exists.
bool is_snomed_identifier(std::string_view text);

}  // namespace catchment
