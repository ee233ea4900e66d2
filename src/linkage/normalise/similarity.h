// How alike two normalised texts are. Pure functions over bytes; texts longer than 64 bytes are compared
// on their first 64 by the quadratic measures.
#pragma once

#include <string>
#include <string_view>

namespace catchment::linkage {

/// Jaro-Winkler, prefix scale 0.1 over at most four letters (Winkler 1990), in [0, 1].
double jaro_winkler(std::string_view a, std::string_view b);

/// Optimal string alignment distance (insert, delete, substitute, swap neighbours), at most `limit` + 1.
int edit_distance(std::string_view a, std::string_view b, int limit);

/// American Soundex of the first word, or of the bytes themselves for other scripts; "" for "".
std::string soundex(std::string_view name);

/// A wider phonetic key for names written several ways in English letters: long vowels, doubled letters,
/// ph/f, v/w, kh/k, q/k, sz/s, cz/ch and silent h are written one way, then vowels after the first are dropped.
std::string phonetic(std::string_view name);

/// Share of distinct words that both hold: |A and B| / |A or B|.
double word_overlap(std::string_view a, std::string_view b);

/// True when every word of the shorter is in the longer, or is the initial of a word there.
bool words_contained(std::string_view a, std::string_view b);

/// True when the runs of digits are the same, in order, and there is at least one.
bool same_numbers(std::string_view a, std::string_view b);

}  // namespace catchment::linkage
