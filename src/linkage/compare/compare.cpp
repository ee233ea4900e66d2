#include "linkage/compare/compare.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "linkage/compare/parallel.h"
#include "linkage/normalise/normalise.h"
#include "linkage/normalise/similarity.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t slots_each = 1U << 13;  // together they fit the processor's own memory
constexpr unsigned slot_shift = 51;           // the highest thirteen bits

// Differing characters of two dates written YYYYMMDD: none, one, or two neighbours exchanged.
bool one_slip(std::uint64_t x, std::uint64_t y) {
  const std::uint64_t differ = x ^ y;
  if (differ == 0) return true;
  const int first = std::countr_zero(differ) / 8, last = 7 - std::countl_zero(differ) / 8;
  if (first == last) return true;
  if (last != first + 1) return false;
  const auto at = [](std::uint64_t date, int place) { return (date >> (8 * place)) & 0xffU; };
  return at(x, first) == at(y, last) && at(x, last) == at(y, first);
}

}  // namespace

bool date_agrees(Test test, double value, const DateValue& x, const DateValue& y) {
  if (x.text == 0 || y.text == 0) return false;
  switch (test) {
    case Test::date_swapped: return x.month != 0 && x.day != 0 && x.year == y.year && x.month == y.day && x.day == y.month;
    case Test::date_digit: {
      if (x.year == 0 || y.year == 0 || x.month == 0 || y.month == 0) return false;
      return one_slip(x.text, y.text);
    }
    case Test::date_two_parts: {
      const int same = (x.year == y.year && x.year != 0) + (x.month == y.month && x.month != 0) + (x.day == y.day && x.day != 0);
      return same >= 2;
    }
    case Test::date_partial: {
      const auto agree = [](int a, int b) { return a == 0 || b == 0 || a == b; };
      const bool lacking = (x.year == 0) != (y.year == 0) || (x.month == 0) != (y.month == 0) || (x.day == 0) != (y.day == 0);
      const bool tells = (x.year != 0 && x.year == y.year) || (x.month != 0 && x.month == y.month && x.day != 0 && x.day == y.day);
      return lacking && tells && agree(x.year, y.year) && agree(x.month, y.month) && agree(x.day, y.day);
    }
    case Test::date_years: {
      if (x.year == 0 || y.year == 0) return false;
      const int days = std::abs((x.year - y.year) * 365 + (x.month - y.month) * 30 + (x.day - y.day));
      return x.year == y.year || days <= static_cast<int>(value * 366);
    }
    default: return false;
  }
}

DateValue date_value(std::string_view d) {  // YYYYMMDD, parts 0 when not known
  if (d.size() != 8 || d.find_first_not_of("0123456789") != std::string_view::npos) return {};
  const auto two = [d](std::size_t at) { return (d[at] - '0') * 10 + (d[at + 1] - '0'); };
  DateValue out{0, two(0) * 100 + two(2), two(4), two(6)};
  std::memcpy(&out.text, d.data(), 8);
  return out;
}

namespace {

// "MK401AA": area MK, district MK40, sector MK401. Other postal codes: that many leading characters.
PostcodeParts postcode_parts(std::string_view p) {
  PostcodeParts out{};
  const bool uk = is_uk_postcode(p);
  for (std::size_t part = 1; part <= 4; ++part) {
    std::size_t length = std::min(p.size(), part == 4 ? p.size() : part);
    if (uk) length = part == 1 ? (p[1] >= '0' && p[1] <= '9' ? 1 : 2) : p.size() - (part == 2 ? 3 : part == 3 ? 2 : 0);
    out[part - 1] = static_cast<std::uint8_t>(std::min<std::size_t>(length, 255));
  }
  return out;
}

bool same_part(const PostcodeParts& a, const PostcodeParts& b, std::size_t part, std::string_view x, std::string_view y) {
  const std::size_t at = std::clamp<std::size_t>(part, 1, 4) - 1;
  return a[at] == b[at] && x.substr(0, a[at]) == y.substr(0, b[at]);
}

double number_in(std::string_view text) { return std::strtod(std::string(text).c_str(), nullptr); }

bool short_name(std::string_view a, std::string_view b) { return std::min(a.size(), b.size()) <= 1; }

// The tests of two texts that several levels share, made once a pair.
class TextPair {
 public:
  /// With the classes of characters that occur in each.
  TextPair(std::string_view a, std::string_view b, std::uint64_t letters_a, std::uint64_t letters_b)
      : a_(a), b_(b), letters_a_(letters_a), letters_b_(letters_b) {}

  static std::uint64_t letters(std::string_view text) {
    std::uint64_t mask = 0;
    for (const char c : text) mask |= 1ULL << (static_cast<unsigned char>(c) & 63U);
    return mask;
  }

  bool test(const Level& level) {
    switch (level.test) {
      case Test::exact: return a_ == b_;
      case Test::contained: return words_contained(a_, b_);
      case Test::jaro_winkler: {
        if (short_name(a_, b_)) return false;
        if (likeness() >= level.value) return true;
        // One edit in five letters or more is as good as 0.92, whatever Jaro-Winkler makes of its place.
        return level.value <= 0.921 && std::min(a_.size(), b_.size()) >= 5 && likeness() > 0.7 && edit_distance(a_, b_, 1) <= 1;
      }
      case Test::edit: return edit_distance(a_, b_, static_cast<int>(level.value)) <= static_cast<int>(level.value);
      case Test::prefix: {
        const auto n = static_cast<std::size_t>(level.value);
        return a_.size() >= n && b_.size() >= n && a_.substr(0, n) == b_.substr(0, n);
      }
      case Test::overlap: {
        if (overlap_ < 0) overlap_ = word_overlap(a_, b_);
        return overlap_ >= level.value;
      }
      case Test::same_numbers: return same_numbers(a_, b_);
      case Test::local_part: {
        const std::string_view x = a_.substr(0, a_.find('@')), y = b_.substr(0, b_.find('@'));
        return x.size() >= 3 && edit_distance(x, y, 1) <= (x.size() >= 5 ? 1 : 0);
      }
      case Test::within: return std::abs(number_in(a_) - number_in(b_)) <= level.value;
      case Test::otherwise: return true;
      default: return false;
    }
  }

  double likeness() {
    if (likeness_ < 0) likeness_ = could_be_alike() ? jaro_winkler(a_, b_) : 0.0;
    return likeness_;
  }

 private:
  // Letters of one that the other lacks bound Jaro from above; below 0.7 no Jaro-Winkler reaches 0.82.
  bool could_be_alike() const {
    const double la = static_cast<double>(a_.size()), lb = static_cast<double>(b_.size());
    const double common = std::min(la - std::popcount(letters_a_ & ~letters_b_), lb - std::popcount(letters_b_ & ~letters_a_));
    return common > 0 && (common / la + common / lb + 1) / 3 >= 0.65;
  }

  std::string_view a_, b_;
  std::uint64_t letters_a_, letters_b_;
  double likeness_ = -1, overlap_ = -1;
};

}  // namespace

std::uint32_t Comparer::sound_of(std::string_view text) {
  const std::string key = phonetic(text);
  return key.size() < 2 ? 0 : static_cast<std::uint32_t>(hash_text(key)) | 1U;
}

Comparer::Memory::Memory(std::size_t comparisons) : slots_(comparisons * slots_each, ~0ULL) {}

namespace {

template <typename Value, typename Read>
std::vector<Value> of_each(const Dictionary& texts, unsigned threads, const Read& read) {
  std::vector<Value> out(texts.size());
  share_range(out.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t id = from; id < to; ++id) out[id] = read(texts.text(static_cast<TextId>(id)));
  });
  return out;
}

}  // namespace

Comparer::Comparer(const PackedRows& rows, const Model& model, const Nicknames& nicknames, unsigned threads) : rows_(rows), nicknames_(nicknames) {
  bool given = false, family = false;
  for (const Comparison& c : model.comparisons) {
    Planned p;
    p.field = rows.field(c.field);
    p.levels = &c.levels;
    if (p.field >= 0) {
      p.kind = rows.fields[static_cast<std::size_t>(p.field)].kind;
      p.texts = &rows.texts(static_cast<std::size_t>(p.field));
      for (std::size_t l = 0; l < c.levels.size() && p.exact == 0; ++l)
        if (c.levels[l].test == Test::exact) p.exact = static_cast<unsigned>(l) + 1;
      const auto uses = [&c](Test test) { return std::any_of(c.levels.begin(), c.levels.end(), [test](const Level& l) { return l.test == test; }); };
      if (uses(Test::date_swapped) || uses(Test::date_digit) || uses(Test::date_two_parts) || uses(Test::date_years))
        p.dates = of_each<DateValue>(*p.texts, threads, date_value);
      if (uses(Test::postcode_part)) p.postcodes = of_each<PostcodeParts>(*p.texts, threads, postcode_parts);
      const bool name = p.kind == FieldKind::given_name || p.kind == FieldKind::family_name;
      look_at(p, name || uses(Test::phonetic), name || uses(Test::nickname), threads);
      if (p.kind == FieldKind::given_name && !given) given = true, given_ = comparisons_.size();
      if (p.kind == FieldKind::family_name && !family) family = true, family_ = comparisons_.size();
    }
    comparisons_.push_back(std::move(p));
  }
  cross_ = model.names_cross && given && family;
}

void Comparer::look_at(Planned& p, bool sounds, bool nicknames, unsigned threads) {
  auto at = std::find_if(looks_.begin(), looks_.end(), [&](const auto& looks) { return looks->texts == p.texts; });
  if (at == looks_.end()) {
    at = looks_.insert(at, std::make_unique<Looks>());
    (*at)->texts = p.texts;
    (*at)->one_word = of_each<std::uint8_t>(
        *p.texts, threads, [](std::string_view text) -> std::uint8_t { return text.size() > 1 && text.find(' ') == std::string_view::npos ? 1 : 0; });
  }
  Looks& looks = **at;
  if (looks.letters.empty()) looks.letters = of_each<std::uint64_t>(*p.texts, threads, TextPair::letters);
  if (sounds && looks.sound.empty()) looks.sound = of_each<std::uint32_t>(*p.texts, threads, sound_of);
  if (nicknames && looks.nicknames.empty())
    looks.nicknames = of_each<std::vector<std::uint32_t>>(*p.texts, threads, [this](std::string_view text) { return nicknames_.groups_of(text); });
  p.looks = &looks;
}

unsigned Comparer::level_of_values(std::size_t comparison, TextId a, TextId b) const {
  const Planned& p = comparisons_[comparison];
  const Looks& looks = *p.looks;
  const std::string_view x = p.texts->text(a), y = p.texts->text(b);
  TextPair pair(x, y, looks.letters[a], looks.letters[b]);
  for (std::size_t l = 0; l < p.levels->size(); ++l) {
    const Level& level = (*p.levels)[l];
    bool holds = false;
    // Different texts of one word each share no word.
    if (level.test == Test::exact || ((level.test == Test::contained || level.test == Test::overlap) && looks.one_word[a] && looks.one_word[b])) {
      if (a == b) return static_cast<unsigned>(l) + 1;
      continue;
    }
    if (level.test >= Test::date_swapped && level.test <= Test::date_years)
      holds = !p.dates.empty() && date_agrees(level.test, level.value, p.dates[a], p.dates[b]);
    else if (level.test == Test::postcode_part) holds = same_part(p.postcodes[a], p.postcodes[b], static_cast<std::size_t>(level.value), x, y);
    else if (level.test == Test::phonetic) holds = looks.sound[a] != 0 && looks.sound[a] == looks.sound[b];
    else if (level.test == Test::nickname)
      holds = std::find_first_of(looks.nicknames[a].begin(), looks.nicknames[a].end(), looks.nicknames[b].begin(), looks.nicknames[b].end()) !=
          looks.nicknames[a].end();
    else holds = pair.test(level);
    if (holds) return static_cast<unsigned>(l) + 1;
  }
  return static_cast<unsigned>(p.levels->size());
}

unsigned Comparer::level(std::size_t comparison, TextId a, TextId b, Memory& memory) const {
  const Planned& p = comparisons_[comparison];
  if (a == b && p.exact != 0) return p.exact;
  if (!p.dates.empty()) return level_of_values(comparison, a, b);  // as quick as remembering
  if (a > b) std::swap(a, b);
  constexpr TextId too_many = 1U << 30;
  if (b >= too_many) return level_of_values(comparison, a, b);
  const std::uint64_t pair = (static_cast<std::uint64_t>(a) << 34) | (static_cast<std::uint64_t>(b) << 4);
  std::uint64_t& slot = memory.slots_[comparison * slots_each + ((pair * 0x9e3779b97f4a7c15ULL) >> slot_shift)];
  if ((slot ^ pair) > 15) slot = pair | level_of_values(comparison, a, b);
  return static_cast<unsigned>(slot & 15U);
}

int Comparer::quality(std::size_t comparison, unsigned level) const {
  if (level == 0) return 0;
  switch ((*comparisons_[comparison].levels)[level - 1].test) {
    case Test::exact: return 4;
    case Test::nickname: return 3;
    case Test::contained: return 2;
    case Test::jaro_winkler: return (*comparisons_[comparison].levels)[level - 1].value > 0.9 ? 3 : 1;
    case Test::otherwise: return -2;
    default: return 0;
  }
}

int Comparer::name_likeness(const TextId* x, TextId given, TextId family, Memory& memory) const {
  const TextId own_given = x[comparisons_[given_].field], own_family = x[comparisons_[family_].field];
  const auto both = [&](TextId g, TextId f) {
    return quality(given_, own_given != 0 && g != 0 ? level(given_, own_given, g, memory) : 0) +
        quality(family_, own_family != 0 && f != 0 ? level(family_, own_family, f, memory) : 0);
  };
  const int straight = both(given, family);
  return straight >= 3 ? straight : std::max(straight, both(family, given) - 1);
}

Pattern Comparer::compare(const TextId* x, const TextId* y, Memory& memory, Pattern known) const {
  Pattern out = known;
  for (std::size_t c = 0; c < comparisons_.size(); ++c) {
    const int field = comparisons_[c].field;
    if (field < 0 || level_at(known, c) != 0) continue;
    const TextId va = x[field], vb = y[field];
    if (va == 0 || vb == 0) continue;
    const unsigned exact = comparisons_[c].exact;
    out |= static_cast<Pattern>(va == vb && exact != 0 ? exact : level(c, va, vb, memory)) << (4 * c);
  }
  if (!cross_) return out;
  const std::size_t slot = 4 * order_slot();
  const unsigned g = level_at(out, given_), f = level_at(out, family_);
  const int straight = quality(given_, g) + quality(family_, f);
  if (straight >= 3) return out | (Pattern{1} << slot);
  const TextId ga = x[comparisons_[given_].field], fa = x[comparisons_[family_].field];
  const TextId gb = y[comparisons_[given_].field], fb = y[comparisons_[family_].field];
  const unsigned gx = ga != 0 && fb != 0 ? level(given_, ga, fb, memory) : 0;
  const unsigned fx = fa != 0 && gb != 0 ? level(family_, fa, gb, memory) : 0;
  const int crossed = quality(given_, gx) + quality(family_, fx);
  if (crossed <= straight + 1 || crossed < 3) return g == 0 && f == 0 ? out : out | (Pattern{1} << slot);
  out &= ~((Pattern{15} << (4 * given_)) | (Pattern{15} << (4 * family_)));
  return out | (static_cast<Pattern>(gx) << (4 * given_)) | (static_cast<Pattern>(fx) << (4 * family_)) | (Pattern{2} << slot);
}

}  // namespace catchment::linkage
