#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/normalise/normalise.h"
#include "linkage/tables/normalised_texts.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {
namespace {

class Packer {
 public:
  Packer(const RawRows& raw, const Model& model, unsigned threads) : raw_(raw), model_(model), threads_(threads) {}

  /// Texts are given the ids that rows packed before gave them, and dates are read as they were.
  void start_from(std::vector<Dictionary> dictionaries, std::map<std::string, DateOrder> date_order) {
    earlier_ = std::move(dictionaries), out_.date_order = std::move(date_order);
  }

  PackedRows run() {
    bool given = false, family = false;
    for (const Field& field : model_.fields) given = given || field.kind == FieldKind::given_name, family = family || field.kind == FieldKind::family_name;
    for (const Field& field : model_.fields) add_field(field, given && family);
    if (given && family)
      for (const Field& field : model_.fields)
        if (field.kind == FieldKind::full_name) read_whole_name(field, place_of(FieldKind::given_name), place_of(FieldKind::family_name), true);
    if (!birth_parts_.empty() && out_.first_of(FieldKind::birth_date) < 0) new_field("birth_date", FieldKind::birth_date);
    fill_room(cells_, raw_.rows * out_.fields.size(), TextId{0});
    fill_all();
    fill_birth_parts();
    arrange();
    return std::move(out_);
  }

 private:
  const RawColumn* column(const std::string& name) const {
    for (const RawColumn& c : raw_.columns)
      if (c.name == name) return &c;
    return nullptr;
  }

  std::uint32_t name_dictionary() {
    if (names_ < 0) names_ = new_dictionary();
    return static_cast<std::uint32_t>(names_);
  }
  int new_dictionary() {
    const std::size_t made = out_.dictionaries.size();
    out_.dictionaries.push_back(made < earlier_.size() ? std::move(earlier_[made]) : Dictionary());
    return static_cast<int>(made);
  }

  // A field to be filled from columns; a later column fills rows the earlier left empty.
  struct Filling {
    const Field* field;
    std::size_t at;
    std::function<std::string(std::string_view, DateOrder)> read;
    bool nameless_only = false;  // fills rows that have neither a given nor a family name
  };
  // A column that feeds a field: its texts as they are compared, then the ids they have there.
  struct Feeding {
    const Filling* filling;
    const RawColumn* from;
    DateOrder order;
    NormalisedTexts texts;
    std::vector<TextId> ids;
  };
  void guess_date_orders() {
    for (const Filling& f : filling_) {
      if (f.field->kind != FieldKind::birth_date) continue;
      for (const std::string& name : f.field->columns) {
        const RawColumn* from = column(name);
        if (from == nullptr || out_.date_order.contains(name)) continue;
        DateOrderGuess guess;
        for (TextId id = 1; id < from->texts->size(); ++id) guess.see(from->texts->text(id));
        out_.date_order.emplace(name, guess.best());
      }
    }
  }
  // Each distinct text of each feeding column is read once, dictionaries take them in side by side, then rows are filled.
  void fill_all() {
    guess_date_orders();
    std::vector<Feeding> feedings;
    std::vector<std::pair<std::size_t, std::size_t>> work;
    for (const Filling& f : filling_)
      for (const std::string& name : f.field->columns) {
        const RawColumn* from = column(name);
        if (from == nullptr) continue;
        const DateOrder order = f.field->kind == FieldKind::birth_date ? out_.date_order.at(name) : DateOrder::day_first;
        feedings.push_back({&f, from, order, NormalisedTexts(*from->texts), {}});
        for (std::size_t piece = 0; piece < feedings.back().texts.pieces(); ++piece) work.emplace_back(feedings.size() - 1, piece);
      }
    share_out(work.size(), threads_, [&](std::size_t w, unsigned) {
      Feeding& feeding = feedings[work[w].first];
      feeding.texts.make(work[w].second, [&](std::string_view text) { return feeding.filling->read(text, feeding.order); });
    });
    share_out(out_.dictionaries.size(), threads_, [&](std::size_t dictionary, unsigned) {
      for (Feeding& feeding : feedings)
        if (out_.fields[feeding.filling->at].dictionary == dictionary) feeding.ids = std::move(feeding.texts).take_into(out_.dictionaries[dictionary]);
    });
    share_range(raw_.rows, threads_, [&](std::size_t from, std::size_t to) { fill(feedings, from, to); });
  }

  void fill(const std::vector<Feeding>& feedings, std::size_t from, std::size_t to) {
    const std::size_t fields = out_.fields.size();
    std::vector<std::uint8_t> nameless;
    for (const Feeding& feeding : feedings) {
      if (feeding.filling->nameless_only && nameless.empty()) nameless = nameless_rows(from, to);
      TextId* cell = cells_.data() + from * fields + feeding.filling->at;
      const TextId* raw = feeding.from->cells->data();
      for (std::size_t row = from; row < to; ++row, cell += fields)
        if (*cell == 0 && (!feeding.filling->nameless_only || nameless[row - from] != 0)) *cell = feeding.ids[raw[row]];
    }
  }

  // Which rows have no name by its parts.
  std::vector<std::uint8_t> nameless_rows(std::size_t from, std::size_t to) const {
    const std::size_t fields = out_.fields.size(), given = place_of(FieldKind::given_name), family = place_of(FieldKind::family_name);
    std::vector<std::uint8_t> out(to - from, 0);
    for (std::size_t row = from; row < to; ++row) out[row - from] = cells_[row * fields + given] == 0 && cells_[row * fields + family] == 0 ? 1 : 0;
    return out;
  }

  void fill_later(const Field& field, std::function<std::string(std::string_view, DateOrder)> read) {
    filling_.push_back({&field, out_.fields.size() - 1, std::move(read), false});
  }

  std::size_t place_of(FieldKind kind) const { return static_cast<std::size_t>(out_.first_of(kind)); }

  void new_field(const std::string& name, FieldKind kind) {
    const bool is_name = kind == FieldKind::given_name || kind == FieldKind::family_name;
    out_.fields.push_back({name, kind, is_name ? name_dictionary() : static_cast<std::uint32_t>(new_dictionary())});
  }

  void add_field(const Field& field, bool names_apart) {
    const FieldKind kind = field.kind;
    if (kind == FieldKind::ignore || kind == FieldKind::row_id || kind == FieldKind::source) return;
    if (kind == FieldKind::birth_year || kind == FieldKind::birth_month || kind == FieldKind::birth_day) {
      birth_parts_.push_back(&field);
      return;
    }
    if (kind == FieldKind::full_name) {
      if (!names_apart) add_full_name(field);  // else it serves rows that have no name by its parts
      return;
    }
    new_field(field.name, kind);
    fill_later(field, [kind](std::string_view text, DateOrder order) { return normalise_value(text, kind, order); });
  }

  void add_full_name(const Field& field) {
    const std::size_t given = out_.fields.size();
    new_field("given_name", FieldKind::given_name), new_field("family_name", FieldKind::family_name);
    read_whole_name(field, given, given + 1, false);
  }

  // "Ann Mary Lee" and "Lee, Ann Mary": the last word, or what stands before the comma, is the family name.
  void read_whole_name(const Field& field, std::size_t given, std::size_t family, bool nameless_only) {
    const auto part_of = [](std::string_view text, bool family_part) {
      const std::size_t comma = text.find(',');
      const std::string after = comma == std::string_view::npos ? std::string() : normalise_name(text.substr(comma + 1));
      if (!after.empty()) return family_part ? normalise_name(text.substr(0, comma)) : after;  // "Ann Lee, Esq." has no name after its comma
      const std::string all = normalise_name(text.substr(0, comma));
      const std::size_t last = all.rfind(' ');
      if (last == std::string::npos) return family_part ? all : std::string();
      return family_part ? all.substr(last + 1) : all.substr(0, last);
    };
    filling_.push_back({&field, given, [part_of](std::string_view text, DateOrder) { return part_of(text, false); }, nameless_only});
    filling_.push_back({&field, family, [part_of](std::string_view text, DateOrder) { return part_of(text, true); }, nameless_only});
  }

  void fill_birth_parts() {
    if (birth_parts_.empty()) return;
    std::vector<std::uint16_t> years(raw_.rows, 0), months(raw_.rows, 0), days(raw_.rows, 0);
    for (const Field* field : birth_parts_)
      for (const std::string& name : field->columns) {
        const RawColumn* from = column(name);
        if (from == nullptr) continue;
        auto& into = field->kind == FieldKind::birth_year ? years : field->kind == FieldKind::birth_month ? months : days;
        for (std::size_t row = 0; row < raw_.rows; ++row) {
          const std::string_view text = from->texts->text((*from->cells)[row]);
          int value = 0;
          for (const char c : text.substr(0, 4))
            if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
            else break;
          if (value != 0 && into[row] == 0) into[row] = static_cast<std::uint16_t>(value);
        }
      }
    // Another source may write the date whole.
    const std::size_t fields = out_.fields.size(), date = place_of(FieldKind::birth_date);
    Dictionary& texts = out_.dictionaries[out_.fields[date].dictionary];
    for (std::size_t row = 0; row < raw_.rows; ++row) {
      if (cells_[row * fields + date] != 0) continue;
      int y = years[row];
      if (y != 0 && y < 100) y += y <= 29 ? 2000 : 1900;
      const bool odd = !possible_year(y);
      if (odd && months[row] == 0 && days[row] == 0) continue;
      std::string iso = "0000-00-00";
      const auto put = [&iso](std::size_t at, int width, int value) {
        for (int i = width - 1; i >= 0; --i, value /= 10) iso[at + static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
      };
      put(0, 4, odd ? 0 : y), put(5, 2, months[row] % 100), put(8, 2, days[row] % 100);
      cells_[row * fields + date] = texts.add(normalise_value(iso, FieldKind::birth_date, DateOrder::year_first));
    }
  }

  // What a row says, whatever ids its texts have.
  std::uint64_t content_of(std::size_t row) const {
    std::uint64_t content = 0;
    for (std::size_t f = 0; f < out_.fields.size(); ++f) content = mix64(content + hash_text(out_.texts(f).text(cells_[row * out_.fields.size() + f])));
    return content;
  }

  // Rows into canonical order, their ids side by side.
  void arrange() {
    std::vector<std::uint64_t> source_hash;
    source_hash.reserve(raw_.source_names.size());
    for (const std::string& name : raw_.source_names) source_hash.push_back(hash_text(name));
    const std::size_t fields = out_.fields.size();
    std::vector<Place> places;
    fill_room(places, raw_.rows, Place{});
    const std::vector<std::uint64_t> near = nearness();
    const int birth = out_.first_of(FieldKind::birth_date);
    share_range(raw_.rows, threads_, [&](std::size_t from, std::size_t to) {
      for (std::size_t row = from; row < to; ++row) {
        const std::uint64_t own = mix64(source_hash[raw_.source[row]] ^ mix64(raw_.key_hash[row]));
        const TextId date = birth < 0 ? 0 : cells_[row * fields + static_cast<std::size_t>(birth)];
        places[row] = {date == 0 ? own : near[date] | own >> near_bits, static_cast<std::uint32_t>(row)};
      }
    });
    sort(places);
    order_alike(places);
    out_.source_names = raw_.source_names;
    fill_room(out_.input_row, raw_.rows, 0U), fill_room(out_.order_key, raw_.rows, std::uint64_t{0});
    fill_room(out_.source, raw_.rows, std::uint16_t{0});
    fill_room(out_.cells, raw_.rows * fields, TextId{0});
    constexpr std::size_t ahead = 16;
    share_range(raw_.rows, threads_, [&](std::size_t from, std::size_t to) {
      for (std::size_t place = from; place < to; ++place) {
        if (place + ahead < to) {
          __builtin_prefetch(cells_.data() + places[place + ahead].row * fields);
          __builtin_prefetch(raw_.source.data() + places[place + ahead].row);
        }
        const std::uint32_t row = places[place].row;
        out_.input_row[place] = row;
        out_.order_key[place] = places[place].key;
        out_.source[place] = raw_.source[row];
        std::copy_n(cells_.data() + row * fields, fields, out_.cells.data() + place * fields);
      }
    });
  }

  // By date of birth, the highest bits of order. Most blocks are of one birthday, and rows that are compared with one another lie
  // side by side then.
  static constexpr unsigned near_bits = 20;
  std::vector<std::uint64_t> nearness() const {
    std::vector<std::uint64_t> out;
    const int birth = out_.first_of(FieldKind::birth_date);
    if (birth < 0) return out;
    const Dictionary& dates = out_.texts(static_cast<std::size_t>(birth));
    out.resize(dates.size());
    for (TextId date = 1; date < dates.size(); ++date) out[date] = hash_text(dates.text(date)) >> (64 - near_bits) << (64 - near_bits);
    return out;
  }

  struct Place {
    std::uint64_t key;
    std::uint32_t row;
  };
  void sort(std::vector<Place>& places) const {
    constexpr unsigned rank_bits = 12;
    const auto rank_of = [](const Place& place) { return place.key >> (64 - rank_bits); };
    const auto before = [](const Place& a, const Place& b) { return a.key != b.key ? a.key < b.key : a.row < b.row; };
    places = sorted_by_rank(parts_of(places), threads_, 1U << rank_bits, rank_of, before);
  }
  // Rows of one key go by what they say, then as they were sent.
  void order_alike(std::vector<Place>& places) const {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> said;
    for (std::size_t i = 0, end; i < places.size(); i = end) {
      for (end = i + 1; end < places.size() && places[end].key == places[i].key;) ++end;
      if (end == i + 1) continue;
      said.clear();
      for (std::size_t k = i; k < end; ++k) said.emplace_back(content_of(places[k].row), places[k].row);
      std::sort(said.begin(), said.end());
      for (std::size_t k = i; k < end; ++k) places[k].row = said[k - i].second;
    }
  }

  const RawRows& raw_;
  const Model& model_;
  unsigned threads_;
  PackedRows out_;
  std::vector<TextId> cells_;  // rows x fields, as sent
  std::vector<const Field*> birth_parts_;
  std::vector<Filling> filling_;
  std::vector<Dictionary> earlier_;
  int names_ = -1;
};

}  // namespace

int PackedRows::field(std::string_view name) const {
  for (std::size_t f = 0; f < fields.size(); ++f)
    if (fields[f].name == name) return static_cast<int>(f);
  return -1;
}

int PackedRows::first_of(FieldKind kind) const {
  for (std::size_t f = 0; f < fields.size(); ++f)
    if (fields[f].kind == kind) return static_cast<int>(f);
  return -1;
}

PackedRows pack_with(std::vector<Dictionary> dictionaries, std::map<std::string, DateOrder> date_order, const RawRows& raw, const Model& model,
                     unsigned threads) {
  Packer packer(raw, model, threads);
  packer.start_from(std::move(dictionaries), std::move(date_order));
  return packer.run();
}

PackedRows pack(const RawRows& raw, const Model& model, unsigned threads) { return Packer(raw, model, threads).run(); }

}  // namespace catchment::linkage
