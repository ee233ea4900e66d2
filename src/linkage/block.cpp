#include "linkage/block.h"

#include <algorithm>

#include "base/random.h"
#include "linkage/normalise.h"
#include "linkage/parallel.h"
#include "linkage/similarity.h"

namespace catchment::linkage {
namespace {

constexpr std::uint64_t pairs_a_piece = 1U << 16;

std::string form_of(std::string_view text, const KeyPart& part) {
  switch (part.form) {
    case KeyForm::phonetic: return phonetic(text);
    case KeyForm::soundex: return soundex(text);
    case KeyForm::first: {
      // Blanks aside, so that "de la cruz" and "delacruz" start alike.
      std::string out;
      for (const char c : text)
        if (c != ' ' && out.size() < static_cast<std::size_t>(part.length)) out.push_back(c);
      return out.size() < static_cast<std::size_t>(part.length) && part.length > 3 ? std::string() : out;
    }
    case KeyForm::last: return text.size() < static_cast<std::size_t>(part.length) ? std::string() : std::string(text.substr(text.size() - static_cast<std::size_t>(part.length)));
    case KeyForm::year: return text.size() == 8 && text.substr(0, 4) != "0000" ? std::string(text.substr(0, 4)) : std::string();
    case KeyForm::year_month: return text.size() == 8 && text.substr(0, 4) != "0000" && text.substr(4, 2) != "00" ? std::string(text.substr(0, 6)) : std::string();
    case KeyForm::month_day: return text.size() == 8 && text.substr(4, 2) != "00" && text.substr(6) != "00" ? std::string(text.substr(4)) : std::string();
    case KeyForm::sector: return std::string(is_uk_postcode(text) ? text.substr(0, text.size() - 2) : text);
    case KeyForm::district: return std::string(is_uk_postcode(text) ? text.substr(0, text.size() - 3) : text.substr(0, 3));
    case KeyForm::digits: {
      std::string out;
      for (const char c : text)
        if (c >= '0' && c <= '9') out.push_back(c);
      return out;
    }
    default: return std::string(text);
  }
}

std::uint32_t short_hash(std::string_view text) {
  if (text.empty()) return 0;
  const auto h = static_cast<std::uint32_t>(hash_text(text));
  return h == 0 ? 1 : h;
}

// A key part made ready: one short hash per dictionary id.
class ReadyPart {
 public:
  ReadyPart(const PackedRows& rows, const KeyPart& part) : rows_(rows) {
    if (part.form == KeyForm::sorted_names) {
      given_ = rows.first_of(FieldKind::given_name), field_ = rows.first_of(FieldKind::family_name);
      KeyPart sound;
      sound.form = KeyForm::soundex;
      if (given_ >= 0 && field_ >= 0) read(sound);
      else field_ = -1;
      return;
    }
    field_ = rows.field(part.field);
    if (field_ >= 0) read(part);
  }
  bool usable() const { return field_ >= 0; }
  std::uint32_t of(std::size_t row) const {
    const std::uint32_t value = hashes_[rows_.cell(row, static_cast<std::size_t>(field_))];
    if (given_ < 0) return value;
    const std::uint32_t other = hashes_[rows_.cell(row, static_cast<std::size_t>(given_))];
    if (value == 0 || other == 0) return 0;
    const auto both = static_cast<std::uint32_t>(mix64((static_cast<std::uint64_t>(std::min(value, other)) << 32) | std::max(value, other)));
    return both == 0 ? 1 : both;
  }

 private:
  void read(const KeyPart& part) {
    const Dictionary& texts = rows_.texts(static_cast<std::size_t>(field_));
    hashes_.assign(texts.size(), 0);
    for (TextId id = 1; id < texts.size(); ++id) hashes_[id] = short_hash(form_of(texts.text(id), part));
  }
  const PackedRows& rows_;
  int field_ = -1, given_ = -1;
  std::vector<std::uint32_t> hashes_;
};

std::uint32_t joined(std::uint32_t key, std::uint32_t more) {
  const auto out = static_cast<std::uint32_t>(mix64((static_cast<std::uint64_t>(key) << 32) | more));
  return out == 0 ? 1 : out;
}

struct Keyed {
  std::uint32_t key;
  std::uint32_t row;
  bool operator<(const Keyed& o) const { return key != o.key ? key < o.key : row < o.row; }
};

// One rule: keys for all rows, blocks within the limit.
class RuleBuilder {
 public:
  RuleBuilder(const PackedRows& rows, const Model& model, const BlockingRule& rule, const std::vector<ReadyPart>& refinements)
      : rows_(rows), refinements_(refinements), limit_(rule.parts.empty() ? ~0U : model.largest_block) {
    report.rule = rule.parts.empty() ? "every pair" : to_string(rule);
    std::vector<ReadyPart> parts;
    for (const KeyPart& part : rule.parts) parts.emplace_back(rows, part);
    for (const ReadyPart& part : parts)
      if (!part.usable()) return;
    for (std::uint32_t row = 0; row < rows.rows(); ++row) {
      std::uint32_t key = 0x9e3779b9U;
      for (const ReadyPart& part : parts) {
        const std::uint32_t value = part.of(row);
        key = value == 0 ? 0 : joined(key, value);
        if (key == 0) break;
      }
      if (key != 0) keyed.push_back({key, row});
    }
    std::sort(keyed.begin(), keyed.end());
    part_large(0, keyed.size(), 0);
    std::sort(kept_.begin(), kept_.end());
    keyed.swap(kept_);
  }

  std::vector<Keyed> keyed;
  RuleReport report;

 private:
  void part_large(std::size_t from, std::size_t to, std::size_t refinement) {
    for (std::size_t i = from; i < to;) {
      std::size_t end = i + 1;
      while (end < to && keyed[end].key == keyed[i].key) ++end;
      const std::uint64_t size = end - i;
      if (size <= limit_) {
        if (size > 1) {
          kept_.insert(kept_.end(), keyed.begin() + static_cast<std::ptrdiff_t>(i), keyed.begin() + static_cast<std::ptrdiff_t>(end));
          ++report.blocks;
          report.pairs += size * (size - 1) / 2;
          report.largest = std::max(report.largest, size);
        }
      } else if (refinement >= refinements_.size()) {
        report.dropped_rows += size;
        report.dropped_pairs += size * (size - 1) / 2;
      } else {
        if (refinement == 0) report.parted_rows += size;
        for (std::size_t k = i; k < end; ++k) {
          const std::uint32_t more = refinements_[refinement].of(keyed[k].row);
          keyed[k].key = joined(joined(keyed[k].key, static_cast<std::uint32_t>(refinement) + 1), more);
        }
        std::sort(keyed.begin() + static_cast<std::ptrdiff_t>(i), keyed.begin() + static_cast<std::ptrdiff_t>(end));
        part_large(i, end, refinement + 1);
      }
      i = end;
    }
  }

  const PackedRows& rows_;
  const std::vector<ReadyPart>& refinements_;
  std::uint64_t limit_;
  std::vector<Keyed> kept_;
};

}  // namespace

Blocks::Blocks(const PackedRows& rows, const Model& model, unsigned threads) : rules_(model.blocking.size()) {
  keys_.assign(rows.rows() * rules_, 0);
  order_.resize(rules_);
  reports_.resize(rules_);
  std::vector<ReadyPart> refinements;
  for (const KeyPart& part : model.refinements) {
    ReadyPart ready(rows, part);
    if (ready.usable()) refinements.push_back(std::move(ready));
  }
  std::vector<std::vector<Piece>> pieces(rules_);
  share_out(rules_, threads, [&](std::size_t r, unsigned) {
    RuleBuilder built(rows, model, model.blocking[r], refinements);
    reports_[r] = built.report;
    order_[r].resize(built.keyed.size());
    for (std::size_t i = 0; i < built.keyed.size(); ++i) {
      order_[r][i] = built.keyed[i].row;
      keys_[built.keyed[i].row * rules_ + r] = built.keyed[i].key;
    }
    std::uint64_t pairs = 0;
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < built.keyed.size();) {
      std::size_t end = i + 1;
      while (end < built.keyed.size() && built.keyed[end].key == built.keyed[i].key) ++end;
      for (; i < end; ++i) {
        pairs += end - i - 1;
        if (pairs < pairs_a_piece) continue;
        pieces[r].push_back({static_cast<std::uint32_t>(r), first, static_cast<std::uint32_t>(i + 1)});
        pairs = 0, first = static_cast<std::uint32_t>(i + 1);
      }
    }
    if (pairs > 0) pieces[r].push_back({static_cast<std::uint32_t>(r), first, static_cast<std::uint32_t>(built.keyed.size())});
  });
  for (std::size_t r = 0; r < rules_; ++r) {
    pieces_.insert(pieces_.end(), pieces[r].begin(), pieces[r].end());
    pairs_ += reports_[r].pairs;
  }
}

std::uint64_t Blocks::rules_of(std::uint32_t a, std::uint32_t b) const {
  std::uint64_t out = 0;
  for (std::size_t r = 0; r < rules_; ++r) {
    const std::uint32_t k = keys_[static_cast<std::size_t>(a) * rules_ + r];
    if (k != 0 && k == keys_[static_cast<std::size_t>(b) * rules_ + r]) out |= 1ULL << (r & 63U);
  }
  return out;
}

}  // namespace catchment::linkage
