// Linkage in plain words: what a level of agreement means, why a pair was not joined, what joined two rows.
#pragma once

#include <string>
#include <string_view>

namespace catchment::api {

/// "given_name" -> "Given name"; unknown fields as they are.
std::string field_title(std::string_view field);
/// "jaro_winkler 0.92" -> "very alike".
std::string level_words(std::string_view level);
std::string held_back_words(std::string_view reason);
std::string edge_words(std::string_view reason);
/// Log2 odds as a probability, in percent.
double percent_of(double weight);

}  // namespace catchment::api
