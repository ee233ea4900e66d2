#include "linkage/compare/block_key.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/normalise/normalise.h"
#include "linkage/normalise/similarity.h"

namespace catchment::linkage {
namespace {

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
    case KeyForm::last:
      return text.size() < static_cast<std::size_t>(part.length) ? std::string()
                                                                 : std::string(text.substr(text.size() - static_cast<std::size_t>(part.length)));
    case KeyForm::year: return text.size() == 8 && text.substr(0, 4) != "0000" ? std::string(text.substr(0, 4)) : std::string();
    case KeyForm::year_month:
      return text.size() == 8 && text.substr(0, 4) != "0000" && text.substr(4, 2) != "00" ? std::string(text.substr(0, 6)) : std::string();
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

}  // namespace

KeyReader::KeyReader(const PackedRows& rows, const KeyPart& part) : rows_(rows) {
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

std::uint32_t KeyReader::of(std::size_t row) const {
  const std::uint32_t value = hashes_[rows_.cell(row, static_cast<std::size_t>(field_))];
  if (given_ < 0) return value;
  const std::uint32_t other = hashes_[rows_.cell(row, static_cast<std::size_t>(given_))];
  if (value == 0 || other == 0) return 0;
  return join_keys(std::min(value, other), std::max(value, other));
}

void KeyReader::read_rows(std::size_t from, std::size_t count, std::uint32_t* out) const {
  const std::size_t fields = rows_.fields.size();
  const TextId* cells = rows_.row(from) + field_;
  for (std::size_t k = 0; k < count; ++k) out[k] = hashes_[cells[k * fields]];
  if (given_ < 0) return;
  cells = rows_.row(from) + given_;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint32_t value = out[k], other = hashes_[cells[k * fields]];
    out[k] = value == 0 || other == 0 ? 0 : join_keys(std::min(value, other), std::max(value, other));
  }
}

void KeyReader::read(const KeyPart& part) {
  const Dictionary& texts = rows_.texts(static_cast<std::size_t>(field_));
  fill_room(hashes_, texts.size(), 0U);
  for (TextId id = 1; id < texts.size(); ++id) hashes_[id] = short_hash(form_of(texts.text(id), part));
}

std::uint32_t join_keys(std::uint32_t key, std::uint32_t more) {
  const auto out = static_cast<std::uint32_t>(mix64((static_cast<std::uint64_t>(key) << 32) | more));
  return out < 2 ? out + 2 : out;
}

RuleReader::RuleReader(const PackedRows& rows, const BlockingRule& rule) {
  for (const KeyPart& part : rule.parts) parts_.emplace_back(rows, part);
  for (const KeyReader& part : parts_) usable_ = usable_ && part.usable();
}

std::uint32_t RuleReader::of(std::size_t row) const {
  if (!usable_) return 0;
  std::uint32_t key = 0x9e3779b9U;
  for (const KeyReader& part : parts_) {
    const std::uint32_t value = part.of(row);
    if (value == 0) return 0;
    key = join_keys(key, value);
  }
  return key;
}

ModelKeys::ModelKeys(const PackedRows& rows, const Model& model, unsigned threads, KeyLayout layout) {
  std::vector<const KeyPart*> parts;
  std::unordered_map<std::string, std::uint32_t> place;
  const auto place_of = [&](const KeyPart& part) {
    const auto [at, is_new] = place.emplace(to_string(part), static_cast<std::uint32_t>(parts.size()));
    if (is_new) parts.push_back(&part);
    return at->second;
  };
  for (const BlockingRule& rule : model.blocking) {
    rules_.emplace_back();
    for (const KeyPart& part : rule.parts) rules_.back().push_back(place_of(part));
  }
  const auto by_rules = static_cast<std::uint32_t>(parts.size());
  std::vector<std::uint32_t> refinements;
  refinements.reserve(model.refinements.size());
  for (const KeyPart& part : model.refinements) refinements.push_back(place_of(part));
  readers_.resize(parts.size());
  share_out(parts.size(), threads, [&](std::size_t p, unsigned) { readers_[p] = std::make_unique<KeyReader>(rows, *parts[p]); });
  for (std::uint32_t p = 0; p < by_rules; ++p)
    if (readers_[p]->usable()) used_.push_back(p);
  for (const std::vector<std::uint32_t>& rule : rules_)
    usable_.push_back(std::all_of(rule.begin(), rule.end(), [this](std::uint32_t p) { return readers_[p]->usable(); }));
  for (const std::uint32_t p : refinements)
    if (readers_[p]->usable()) refinements_.push_back(readers_[p].get());
  if (layout == KeyLayout::by_row) {
    fill_room(keys_, rows.rows() * rules_.size(), 0U);
  } else {
    columns_.resize(rules_.size());
    share_out(columns_.size(), threads, [&](std::size_t r, unsigned) { fill_room(columns_[r], rows.rows(), 0U); });
  }
  share_range(rows.rows(), threads, [&](std::size_t from, std::size_t to) {
    std::vector<std::uint32_t> values(readers_.size() * at_once);
    for (; from < to; from += at_once) read(from, std::min(at_once, to - from), values);
  });
}

void ModelKeys::read(std::size_t from, std::size_t count, std::vector<std::uint32_t>& values) {
  for (const std::uint32_t part : used_) readers_[part]->read_rows(from, count, values.data() + part * at_once);
  for (std::size_t r = 0; r < rules_.size(); ++r) {
    if (!usable_[r]) continue;
    std::uint32_t* out = columns_.empty() ? keys_.data() + from * rules_.size() + r : columns_[r].data() + from;
    const std::size_t step = columns_.empty() ? rules_.size() : 1;
    for (std::size_t k = 0; k < count; ++k) out[k * step] = key_of(r, values.data() + k);
  }
}

// The key of a row, whose values stand at_once apart.
std::uint32_t ModelKeys::key_of(std::size_t rule, const std::uint32_t* values) const {
  std::uint32_t key = 0x9e3779b9U;
  bool whole = true;
  for (const std::uint32_t part : rules_[rule]) {
    const std::uint32_t value = values[part * at_once];
    whole = whole && value != 0;
    key = join_keys(key, value);
  }
  key &= 0x7fffffffU;
  return !whole ? 0 : key < 2 ? key + 2 : key;
}

}  // namespace catchment::linkage
