#include "linkage/normalise/normalise.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace catchment::linkage {
namespace {

constexpr std::size_t longest_value = 200;  // longer text is cut: nothing honest is longer

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return c >= 'a' && c <= 'z'; }

bool all_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// NFKD with marks dropped and case folded; bytes that are not UTF-8 become blanks.
std::string fold_unicode(std::string_view text) {
  std::string out;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(bytes, left, &point);
    if (used <= 0) {
      out.push_back(' ');
      ++bytes, --left;
      continue;
    }
    bytes += used, left -= used;
    // Letters that do not decompose but are written in ASCII by everyone else.
    switch (point) {
      case 0xD8:
      case 0xF8: out += 'o'; continue;
      case 0x110:
      case 0x111: out += 'd'; continue;
      case 0x141:
      case 0x142: out += 'l'; continue;
      case 0x131: out += 'i'; continue;
      case 0xDF: out += "ss"; continue;
      case 0xC6:
      case 0xE6: out += "ae"; continue;
      case 0x2018:
      case 0x2019:
      case 0x2BC: out += '\''; continue;
      case 0x2010:
      case 0x2011:
      case 0x2013: out += '-'; continue;
      default: break;
    }
    std::array<utf8proc_int32_t, 32> parts{};
    int boundary = 0;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    const utf8proc_ssize_t count = utf8proc_decompose_char(point, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()), options, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < static_cast<utf8proc_ssize_t>(parts.size()); ++i) {
      std::array<utf8proc_uint8_t, 4> encoded{};
      const utf8proc_ssize_t n = utf8proc_encode_char(parts[static_cast<std::size_t>(i)], encoded.data());
      const auto category = utf8proc_category(parts[static_cast<std::size_t>(i)]);
      const bool letter = category <= UTF8PROC_CATEGORY_NO && category != UTF8PROC_CATEGORY_CN;
      if (parts[static_cast<std::size_t>(i)] < 0x80 || letter) out.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(n));
      else out.push_back(' ');
    }
  }
  return out;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Lower-cased letters with accents gone; punctuation kept for the caller to judge.
std::string letters(std::string_view text) {
  if (text.size() > longest_value) text = text.substr(0, longest_value);
  std::string out;
  if (all_ascii(text)) out.assign(text);
  else out = fold_unicode(text);
  for (char& c : out) c = lower(c);
  return out;
}

// Keeps letters, digits and bytes of other scripts; `closed` are dropped without a gap; the rest part words.
std::string words(std::string_view text, std::string_view closed) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool kept = is_alpha(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    if (kept) out.push_back(c);
    else if (closed.find(c) == std::string_view::npos && !out.empty() && out.back() != ' ') out.push_back(' ');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

template <std::size_t N>
bool among(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<std::string_view, 23> titles{"mr",   "mrs",  "miss",   "ms", "mx",  "dr",  "prof", "professor", "rev", "reverend", "sir", "lady",
                                                  "lord", "dame", "master", "jr", "snr", "jnr", "sr",   "ii",        "iii", "iv",       "esq"};
constexpr std::array<std::string_view, 32> nothing_words{
    "unknown",      "unk",         "none",          "null",     "na",          "nan",          "nil",    "notknown",     "notgiven", "nonegiven",  "notstated",
    "notavailable", "notprovided", "notapplicable", "missing",  "anonymous",   "anon",         "test",   "tbc",          "tba",      "xx",         "xxx",
    "xxxx",         "withheld",    "refused",       "declined", "undisclosed", "unidentified", "noname", "nofixedabode", "nfa",      "unspecified"};
constexpr std::array<std::string_view, 17> unnamed_words{"baby", "babyboy", "babygirl", "infant", "newborn", "twin",   "triplet", "boy",      "girl",
                                                         "male", "female",  "fetus",    "foetus", "bornto",  "babyof", "neonate", "stillborn"};

// A single repeated character ("aaaa", "0000") says nothing.
bool one_character_repeated(std::string_view text) { return text.size() > 2 && text.find_first_not_of(text[0]) == std::string_view::npos; }

}  // namespace

bool is_placeholder(std::string_view folded) {
  std::string closed;
  for (const char c : folded)
    if (c != ' ') closed.push_back(c);
  return closed.empty() || among(closed, nothing_words);
}

std::string fold(std::string_view text) { return words(letters(text), "'"); }

std::string normalise_name(std::string_view text) {
  const std::string all = words(letters(text), "'`.");
  std::string out;
  bool unnamed = false;
  std::size_t at = 0;
  while (at < all.size()) {
    std::size_t end = all.find(' ', at);
    if (end == std::string::npos) end = all.size();
    const std::string_view word = std::string_view(all).substr(at, end - at);
    at = end + 1;
    const bool lone_digits = word.find_first_not_of("0123456789") == std::string_view::npos;
    if (among(word, unnamed_words)) {
      unnamed = true;
      continue;
    }
    if (among(word, titles) || among(word, nothing_words) || lone_digits || one_character_repeated(word)) continue;
    if (!out.empty()) out.push_back(' ');
    out.append(word);
  }
  // "Baby of Sarah", "Twin 1 Smith" as a given name: the rest is the mother's or the surname, not theirs.
  if (unnamed || is_placeholder(all)) return {};
  // Small joining words are written together with what follows: "de la cruz" and "delacruz" are one name.
  static constexpr std::array<std::string_view, 16> particles{"de",  "la",  "le",  "di", "da",  "del", "della", "van",
                                                              "von", "der", "den", "o",  "mac", "mc",  "al",    "el"};
  std::string joined;
  at = 0;
  while (at < out.size()) {
    std::size_t end = out.find(' ', at);
    if (end == std::string::npos) end = out.size();
    const std::string_view word = std::string_view(out).substr(at, end - at);
    joined.append(word);
    at = end + 1;
    if (at < out.size() && !among(word, particles)) joined.push_back(' ');
  }
  return joined;
}

std::string normalise_sex(std::string_view text) {
  const std::string word = fold(text);
  if (word == "1" || word == "m" || word == "male" || word == "man" || word == "boy") return "M";
  if (word == "2" || word == "f" || word == "female" || word == "woman" || word == "girl") return "F";
  return {};
}

bool is_uk_postcode(std::string_view p) {
  const auto up = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (p.size() < 5 || p.size() > 7) return false;
  const std::size_t n = p.size();
  return up(p[0]) && is_digit(p[n - 3]) && up(p[n - 2]) && up(p[n - 1]) && (is_digit(p[1]) || is_digit(p[2]));
}

std::string normalise_postcode(std::string_view text) {
  std::string out;
  for (const char c : letters(text))
    if (is_alpha(c) || is_digit(c)) out.push_back(is_alpha(c) ? static_cast<char>(c & ~0x20) : c);
  if (out.size() < 3 || out.rfind("ZZ99", 0) == 0 || one_character_repeated(out)) return {};
  if (out == "UNKNOWN" || out == "NONE" || out == "NULL" || out == "NAN") return {};
  return out;
}

std::string normalise_phone(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (is_digit(c)) digits.push_back(c);
    else if (c == 'x' || c == 'X' || c == '#' || c == ';' || c == ',') {
      if (digits.size() >= 7) break;  // an extension or a second number follows
    }
  if (digits.rfind("0044", 0) == 0) digits.erase(0, 4);
  else if (digits.size() >= 12 && digits.rfind("44", 0) == 0) digits.erase(0, 2);
  while (!digits.empty() && digits.front() == '0') digits.erase(0, 1);
  if (digits.size() < 5 || one_character_repeated(digits) || digits == "123456789" || digits == "1234567890") return {};
  if (digits.size() > 10) digits.erase(0, digits.size() - 10);
  return digits;
}

std::string normalise_email(std::string_view text) {
  std::string out;
  for (const char c : letters(text))
    if (c != ' ' && c != '\t') out.push_back(c);
  const std::size_t at = out.find('@');
  if (at == std::string::npos || at == 0 || at + 1 >= out.size()) return {};
  if (is_placeholder(std::string_view(out).substr(0, at)) || out.rfind("noreply", 0) == 0 || out.rfind("noemail", 0) == 0) return {};
  return out;
}

std::string normalise_address(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> shorter{
      {{"street", "st"}, {"road", "rd"},     {"avenue", "ave"},    {"av", "ave"},         {"lane", "ln"},  {"drive", "dr"},
       {"close", "cl"},  {"court", "ct"},    {"crescent", "cres"}, {"cr", "cres"},        {"place", "pl"}, {"gardens", "gdns"},
       {"square", "sq"}, {"terrace", "tce"}, {"ter", "tce"},       {"circuit", "cct"},    {"grove", "gr"}, {"apartment", "apt"},
       {"flat", "apt"},  {"unit", "apt"},    {"suite", "apt"},     {"boulevard", "blvd"}, {"north", "n"},  {"south", "s"}}};
  const std::string all = words(letters(text), "'.");
  if (is_placeholder(all)) return {};
  std::string out;
  std::size_t at = 0;
  while (at < all.size()) {
    std::size_t end = all.find(' ', at);
    if (end == std::string::npos) end = all.size();
    std::string_view word = std::string_view(all).substr(at, end - at);
    at = end + 1;
    for (const auto& [longer, form] : shorter)
      if (word == longer) word = form;
    if (!out.empty()) out.push_back(' ');
    out.append(word);
  }
  return out;
}

std::string normalise_identifier(std::string_view text) {
  std::string out;
  for (const char c : letters(text))
    if (is_alpha(c) || is_digit(c)) out.push_back(c);
  if (out.size() < 3 || one_character_repeated(out) || among(std::string_view(out), nothing_words)) return {};
  return out;
}

}  // namespace catchment::linkage
