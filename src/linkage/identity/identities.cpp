#include "linkage/identity/identities.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "base/nhs_number.h"
#include "base/random.h"
#include "linkage/compare/parallel.h"
#include "linkage/model_text.h"
#include "linkage/tables/normalised_texts.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t gathered_apart = 16;  // parts of the distinct identities, by the first four bits of their hash
constexpr unsigned gathered_shift = 60;

struct IdentityColumn {
  const char* field;
  IdentityTable::Column column;
  FieldKind kind;
};

constexpr std::array<IdentityColumn, identity_fields> identity_columns{{{"given_name", IdentityTable::given_names, FieldKind::given_name},
                                                                        {"family_name", IdentityTable::family_name, FieldKind::family_name},
                                                                        {"birth_date", IdentityTable::date_of_birth, FieldKind::birth_date},
                                                                        {"sex", IdentityTable::sex, FieldKind::sex},
                                                                        {"postcode", IdentityTable::postcode, FieldKind::postcode},
                                                                        {"address", IdentityTable::address_line, FieldKind::address},
                                                                        {"telephone", IdentityTable::telephone, FieldKind::telephone},
                                                                        {"email", IdentityTable::email, FieldKind::email}}};

// Old numbers followed to the current one; chains allowed, loops end.
class Supersession {
 public:
  explicit Supersession(const std::vector<SupersededNumber>& list) {
    for (const SupersededNumber& s : list) next_[s.old_number.digits] = s.current.digits;
  }
  std::uint64_t follow(std::uint64_t number) const {
    for (std::size_t steps = 0; steps < 16; ++steps) {
      const auto at = next_.find(number);
      if (at == next_.end() || at->second == number) return number;
      number = at->second;
    }
    return number;
  }

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> next_;
};

// Everything an identity says, as ids; equal bytes are equal identities.
struct Said {
  std::array<TextId, identity_fields> cells{};
  std::uint16_t flags = 0;
  std::uint64_t number = 0;
  bool operator==(const Said&) const = default;
};

class Reader {
 public:
  Reader(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, unsigned threads) : table_(table), threads_(threads) {
    for (const SourceRules& source : settings.sources)
      if (source.postcode_is_incident) incident_.insert(source.source.value);
    read_texts();
    read_numbers(Supersession(previous.superseded_numbers));
  }

  Said said(std::size_t row) const {
    Said out;
    const std::uint16_t flags = table_.flags(row);
    const bool incident = (flags & flag_incident_postcode) != 0 || (!incident_.empty() && incident_.contains(table_.source(row).value));
    for (std::size_t f = 0; f < identity_fields; ++f) out.cells[f] = normal_[f][table_.cell(identity_columns[f].column, row)];
    if (incident) out.cells[id_postcode] = 0, out.cells[id_address] = 0;
    if ((flags & flag_newborn) != 0) out.cells[id_telephone] = 0, out.cells[id_email] = 0;  // the mother's
    out.number = numbers_[table_.cell(IdentityTable::nhs_number, row)];
    out.flags = flags & (flag_newborn | flag_identity_reissued | (out.number != 0 ? flag_number_verified : 0));
    return out;
  }

  std::uint64_t hash(const Said& said) const {
    std::uint64_t out = mix64(said.number + (static_cast<std::uint64_t>(said.flags) << 48));
    for (std::size_t f = 0; f < identity_fields; ++f) out = mix64(out + hashes_[dictionary_[f]][said.cells[f]]);
    return out;
  }

  PackedRows shell() {
    PackedRows out;
    for (std::size_t f = 0; f < identity_fields; ++f) out.fields.push_back({identity_columns[f].field, identity_columns[f].kind, dictionary_[f]});
    out.dictionaries = std::move(dictionaries_);
    out.source_names = {"identities"};
    return out;
  }

 private:
  void read_texts() {
    for (std::size_t f = 0; f < identity_fields; ++f) {
      if (f == id_family) dictionary_[f] = dictionary_[id_given];
      else dictionary_[f] = static_cast<std::uint32_t>(dictionaries_.size()), dictionaries_.emplace_back();
    }
    std::vector<NormalisedTexts> texts;
    std::vector<DateOrder> orders(identity_fields);
    std::vector<std::pair<std::size_t, std::size_t>> work;  // field, piece
    for (std::size_t f = 0; f < identity_fields; ++f) {
      orders[f] = date_order(f);
      texts.emplace_back(table_.texts(identity_columns[f].column));
      for (std::size_t piece = 0; piece < texts[f].pieces(); ++piece) work.emplace_back(f, piece);
    }
    share_out(work.size(), threads_, [&](std::size_t w, unsigned) {
      const auto [f, piece] = work[w];
      texts[f].make(piece, [kind = identity_columns[f].kind, order = orders[f]](std::string_view text) { return normalise_value(text, kind, order); });
    });
    hashes_.resize(dictionaries_.size());
    share_out(dictionaries_.size(), threads_, [&](std::size_t d, unsigned) {
      for (std::size_t f = 0; f < identity_fields; ++f)
        if (dictionary_[f] == d) normal_[f] = std::move(texts[f]).take_into(dictionaries_[d]);
      const Dictionary& dictionary = dictionaries_[d];
      hashes_[d].resize(dictionary.size());
      for (TextId id = 0; id < dictionary.size(); ++id) hashes_[d][id] = hash_text(dictionary.text(id));
    });
  }

  DateOrder date_order(std::size_t f) const {
    DateOrderGuess order;
    const Dictionary& texts = table_.texts(identity_columns[f].column);
    for (TextId id = 1; id < texts.size() && identity_columns[f].kind == FieldKind::birth_date; ++id) order.see(texts.text(id));
    return order.best();
  }

  void read_numbers(const Supersession& supersession) {
    const Dictionary& texts = table_.texts(IdentityTable::nhs_number);
    numbers_.assign(texts.size(), 0);
    share_range(texts.size(), threads_, [&](std::size_t from, std::size_t to) {
      for (std::size_t id = std::max<std::size_t>(1, from); id < to; ++id) {
        const NhsNumberResult read = read_nhs_number(texts.text(static_cast<TextId>(id)));
        if (read.fault == NhsNumberFault::none) numbers_[id] = supersession.follow(read.number.digits);
      }
    });
  }

  const IdentityTable& table_;
  unsigned threads_;
  std::unordered_set<std::int32_t> incident_;
  std::vector<Dictionary> dictionaries_;
  std::array<std::uint32_t, identity_fields> dictionary_{};
  std::array<std::vector<TextId>, identity_fields> normal_;
  std::vector<std::vector<std::uint64_t>> hashes_;
  std::vector<std::uint64_t> numbers_;
};

// Distinct identities in order of first appearance.
class Gatherer {
 public:
  Gatherer() : slots_(1U << 12, 0) {}

  std::uint32_t add(const Said& said, std::uint64_t hash, std::uint32_t row) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
      const std::uint32_t id = slots_[slot] - 1;
      if (hash_[id] == hash && all_[id] == said) return id;
    }
    const auto id = static_cast<std::uint32_t>(all_.size());
    all_.push_back(said), hash_.push_back(hash), first_.push_back(row);
    slots_[slot] = id + 1;
    if (all_.size() * 2 > slots_.size()) grow();
    return id;
  }

  std::vector<Said> all_;
  std::vector<std::uint64_t> hash_;
  std::vector<std::uint32_t> first_;

 private:
  void grow() {
    slots_.assign(slots_.size() * 2, 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t id = 0; id < all_.size(); ++id) {
      std::size_t slot = hash_[id] & mask;
      while (slots_[slot] != 0) slot = (slot + 1) & mask;
      slots_[slot] = id + 1;
    }
  }
  std::vector<std::uint32_t> slots_;
};

}  // namespace

Model identity_model(const LinkSettings& settings) {
  Diagnostics faults;
  Model model = settings.model ? *settings.model : read_model(model_text, "linkage/model.toml", faults).model;
  if (has_errors(faults)) throw Error(ErrorKind::bug, to_string(faults[0]));
  // The fields of an identity are fixed; one the model does not compare is given a level that says nothing.
  std::vector<Comparison> comparisons;
  for (const IdentityColumn& c : identity_columns) {
    const auto at = std::find_if(model.comparisons.begin(), model.comparisons.end(), [&](const Comparison& one) { return one.field == c.field; });
    if (at != model.comparisons.end()) comparisons.push_back(*at);
    else comparisons.push_back({c.field, Sharing::personal, false, false, {Level{}}});
  }
  for (const Comparison& one : model.comparisons)
    if (std::none_of(identity_columns.begin(), identity_columns.end(), [&](const IdentityColumn& c) { return one.field == c.field; }))
      throw Error(ErrorKind::user, "the model compares " + one.field + ", which no identity has",
                  "the fields are given_name, family_name, birth_date, sex, postcode, address, telephone and email");
  model.comparisons = std::move(comparisons);
  model.unique_sources.clear();  // what feeds promise is in the settings
  return model;
}

Identities distinct_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, const Model&, unsigned threads) {
  Reader reader(table, previous, settings, threads);
  Identities out;
  out.of_row.resize(table.size());
  std::vector<std::uint64_t> hash(table.size());  // 0 = says nothing
  share_range(table.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) {
      const Said said = reader.said(row);
      hash[row] = said == Said{} ? 0 : std::max<std::uint64_t>(1, reader.hash(said));
    }
  });
  // Rows that say the same have one hash, so that parts by hash are gathered by themselves; parts stand in the order of hashes.
  std::vector<Gatherer> parts(gathered_apart);
  share_out(parts.size(), threads, [&](std::size_t part, unsigned) {
    for (std::uint32_t row = 0; row < table.size(); ++row)
      if (hash[row] != 0 && hash[row] >> gathered_shift == part) out.of_row[row] = parts[part].add(reader.said(row), hash[row], row);
  });
  std::vector<std::size_t> start{1};  // identity 0 says nothing
  for (const Gatherer& part : parts) start.push_back(start.back() + part.all_.size());
  const std::size_t count = start.back();
  out.rows = reader.shell();
  out.rows.cells.assign(count * identity_fields, 0);
  out.rows.source.assign(count, 0);
  out.rows.input_row.assign(count, 0);
  out.hash.assign(count, 0), out.number.assign(count, 0), out.flags.assign(count, 0), out.copies.assign(count, 0);
  std::vector<std::vector<std::uint32_t>> place(parts.size());
  share_out(parts.size(), threads, [&](std::size_t part, unsigned) {
    const Gatherer& gathered = parts[part];
    std::vector<std::uint32_t> order(gathered.all_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return gathered.hash_[a] < gathered.hash_[b]; });
    place[part].resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t id = order[i];
      const std::size_t p = start[part] + i;
      place[part][id] = static_cast<std::uint32_t>(p);
      std::copy(gathered.all_[id].cells.begin(), gathered.all_[id].cells.end(), out.rows.cells.begin() + static_cast<std::ptrdiff_t>(p) * identity_fields);
      out.rows.input_row[p] = gathered.first_[id];
      out.hash[p] = gathered.hash_[id], out.number[p] = gathered.all_[id].number, out.flags[p] = gathered.all_[id].flags;
    }
  });
  share_range(table.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) out.of_row[row] = hash[row] == 0 ? 0 : place[hash[row] >> gathered_shift][out.of_row[row]];
  });
  for (const std::uint32_t identity : out.of_row) ++out.copies[identity];
  return out;
}

}  // namespace catchment::linkage
