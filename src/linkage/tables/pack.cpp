#include <algorithm>
#include <functional>
#include <numeric>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/normalise/normalise.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {
namespace {

struct Column {
  std::vector<TextId> cells;  // in input order
};

}  // namespace

std::string normalise_value(std::string_view text, FieldKind kind, DateOrder order) {
  switch (kind) {
    case FieldKind::given_name:
    case FieldKind::family_name: return normalise_name(text);
    case FieldKind::sex: return normalise_sex(text);
    case FieldKind::postcode: return normalise_postcode(text);
    case FieldKind::telephone: return normalise_phone(text);
    case FieldKind::email: return normalise_email(text);
    case FieldKind::address:
    case FieldKind::house_number: return normalise_address(text);
    case FieldKind::nhs_number:
    case FieldKind::identifier: return normalise_identifier(text);
    case FieldKind::birth_date: {
      const BirthDate d = read_birth_date(text, order);
      const bool first_day = d.month <= 1 && d.day <= 1;
      if (d.empty() || (first_day && (d.year == 0 || d.year == 1900 || d.year == 1901))) return {};  // 1900-01-01: not known
      std::string out = "00000000";
      for (int i = 3, y = d.year; i >= 0; --i, y /= 10) out[static_cast<std::size_t>(i)] = static_cast<char>('0' + y % 10);
      out[4] = static_cast<char>('0' + d.month / 10), out[5] = static_cast<char>('0' + d.month % 10);
      out[6] = static_cast<char>('0' + d.day / 10), out[7] = static_cast<char>('0' + d.day % 10);
      return out;
    }
    default: {
      std::string out = fold(text);
      if (is_placeholder(out)) out.clear();
      return out;
    }
  }
}

namespace {

class Packer {
 public:
  Packer(const RawRows& raw, const Model& model, unsigned threads) : raw_(raw), model_(model), threads_(threads) {}

  /// Texts are given the ids that rows packed before gave them, and dates are read as they were.
  void start_from(PackedRows& before) { earlier_ = std::move(before.dictionaries), out_.date_order = std::move(before.date_order); }

  PackedRows run() {
    bool given = false, family = false;
    for (const Field& field : model_.fields) given = given || field.kind == FieldKind::given_name, family = family || field.kind == FieldKind::family_name;
    for (const Field& field : model_.fields) add_field(field, given && family);
    if (given && family)
      for (const Field& field : model_.fields)
        if (field.kind == FieldKind::full_name) read_whole_name(field, first_column(FieldKind::given_name), first_column(FieldKind::family_name), true);
    fill_all();
    add_birth_parts();
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

  // A column to be filled; those of one dictionary are filled in turn, the others beside them.
  struct Filling {
    const Field* field;
    std::size_t column;
    std::uint32_t dictionary;
    std::function<std::string(std::string_view, DateOrder)> read;
    bool nameless_only = false;  // fills rows that have neither a given nor a family name
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
  void fill_all() {
    guess_date_orders();
    share_out(out_.dictionaries.size(), threads_, [&](std::size_t dictionary, unsigned) {
      for (const Filling& f : filling_)
        if (f.dictionary == dictionary) fill(f, out_.dictionaries[dictionary]);
    });
  }
  void fill_later(const Field& field, std::function<std::string(std::string_view, DateOrder)> read) {
    filling_.push_back({&field, columns_.size() - 1, out_.fields.back().dictionary, std::move(read), false});
  }
  std::size_t first_column(FieldKind kind) const { return static_cast<std::size_t>(out_.first_of(kind)); }  // fields and columns go together

  Column& new_field(const std::string& name, FieldKind kind) {
    const bool is_name = kind == FieldKind::given_name || kind == FieldKind::family_name;
    out_.fields.push_back({name, kind, is_name ? name_dictionary() : static_cast<std::uint32_t>(new_dictionary())});
    fill_room(columns_.emplace_back().cells, raw_.rows, TextId{0});
    return columns_.back();
  }

  // Reads each distinct text of each feeding column once; a later column fills rows the earlier left empty.
  void fill(const Filling& filling, Dictionary& texts) {
    Column& into = columns_[filling.column];
    if (filling.nameless_only && nameless_.empty()) find_nameless();
    for (const std::string& name : filling.field->columns) {
      const RawColumn* from = column(name);
      if (from == nullptr) continue;
      const DateOrder order = filling.field->kind == FieldKind::birth_date ? out_.date_order.at(name) : DateOrder::day_first;
      std::vector<TextId> normal(from->texts->size(), 0);
      for (TextId id = 1; id < normal.size(); ++id) normal[id] = texts.add(filling.read(from->texts->text(id), order));
      for (std::size_t row = 0; row < raw_.rows; ++row)
        if (into.cells[row] == 0 && (!filling.nameless_only || nameless_[row])) into.cells[row] = normal[(*from->cells)[row]];
    }
  }

  void find_nameless() {
    const auto& given = columns_[first_column(FieldKind::given_name)].cells;
    const auto& family = columns_[first_column(FieldKind::family_name)].cells;
    nameless_.resize(raw_.rows);
    for (std::size_t row = 0; row < raw_.rows; ++row) nameless_[row] = given[row] == 0 && family[row] == 0;
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
    const std::size_t given = columns_.size();
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
    filling_.push_back({&field, given, name_dictionary(), [part_of](std::string_view text, DateOrder) { return part_of(text, false); }, nameless_only});
    filling_.push_back({&field, family, name_dictionary(), [part_of](std::string_view text, DateOrder) { return part_of(text, true); }, nameless_only});
  }

  void add_birth_parts() {
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
    const bool there = out_.first_of(FieldKind::birth_date) >= 0;
    Column& cells = there ? columns_[first_column(FieldKind::birth_date)] : new_field("birth_date", FieldKind::birth_date);
    Dictionary& texts = out_.dictionaries[out_.fields[first_column(FieldKind::birth_date)].dictionary];
    for (std::size_t row = 0; row < raw_.rows; ++row) {
      if (cells.cells[row] != 0) continue;
      int y = years[row];
      if (y != 0 && y < 100) y += y <= 29 ? 2000 : 1900;
      const bool odd = !possible_year(y);
      if (odd && months[row] == 0 && days[row] == 0) continue;
      std::string iso = "0000-00-00";
      const auto put = [&iso](std::size_t at, int width, int value) {
        for (int i = width - 1; i >= 0; --i, value /= 10) iso[at + static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
      };
      put(0, 4, odd ? 0 : y), put(5, 2, months[row] % 100), put(8, 2, days[row] % 100);
      cells.cells[row] = texts.add(normalise_value(iso, FieldKind::birth_date, DateOrder::year_first));
    }
  }

  // Rows into canonical order, their ids side by side.
  void arrange() {
    std::vector<std::vector<std::uint64_t>> hashes(out_.dictionaries.size());
    share_out(hashes.size(), threads_, [&](std::size_t d, unsigned) {
      hashes[d].resize(out_.dictionaries[d].size());
      for (TextId id = 0; id < hashes[d].size(); ++id) hashes[d][id] = hash_text(out_.dictionaries[d].text(id));
    });
    std::vector<std::uint64_t> source_hash;
    source_hash.reserve(raw_.source_names.size());
    for (const std::string& name : raw_.source_names) source_hash.push_back(hash_text(name));
    struct Place {
      std::uint64_t key, content;
      std::uint32_t row;
    };
    const std::size_t fields = out_.fields.size();
    std::vector<Place> places(raw_.rows);
    share_range(raw_.rows, threads_, [&](std::size_t from, std::size_t to) {
      for (std::size_t row = from; row < to; ++row) {
        std::uint64_t content = 0;
        for (std::size_t f = 0; f < fields; ++f) content = mix64(content + hashes[out_.fields[f].dictionary][columns_[f].cells[row]]);
        places[row] = {mix64(source_hash[raw_.source[row]] ^ mix64(raw_.key_hash[row])), content, static_cast<std::uint32_t>(row)};
      }
    });
    std::vector<std::vector<std::uint64_t>>().swap(hashes);
    sort_shared(places, threads_, [](const Place& a, const Place& b) {
      if (a.key != b.key) return a.key < b.key;
      return a.content != b.content ? a.content < b.content : a.row < b.row;
    });
    out_.source_names = raw_.source_names;
    out_.input_row.resize(raw_.rows), out_.order_key.resize(raw_.rows);
    out_.source.resize(raw_.rows);
    fill_room(out_.cells, raw_.rows * fields, TextId{0});
    share_range(raw_.rows, threads_, [&](std::size_t from, std::size_t to) {
      for (std::size_t place = from; place < to; ++place) {
        const std::uint32_t row = places[place].row;
        out_.input_row[place] = row;
        out_.order_key[place] = places[place].key;
        out_.source[place] = raw_.source[row];
        for (std::size_t f = 0; f < fields; ++f) out_.cells[place * fields + f] = columns_[f].cells[row];
      }
    });
  }

  const RawRows& raw_;
  const Model& model_;
  unsigned threads_;
  PackedRows out_;
  std::vector<Column> columns_;
  std::vector<const Field*> birth_parts_;
  std::vector<Filling> filling_;
  std::vector<Dictionary> earlier_;
  std::vector<bool> nameless_;
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

namespace {

std::uint64_t said_by(const PackedRows& rows, const std::vector<Dictionary>& texts, std::size_t place) {
  std::uint64_t content = 0;
  for (std::size_t f = 0; f < rows.fields.size(); ++f) content = mix64(content + hash_text(texts[rows.fields[f].dictionary].text(rows.cell(place, f))));
  return content;
}

}  // namespace

PackedRows pack_more(PackedRows before, const RawRows& raw, const Model& model, unsigned threads, std::vector<std::uint32_t>& came_from) {
  Packer packer(raw, model, threads);
  packer.start_from(before);
  PackedRows more = packer.run();
  const std::vector<Dictionary>& texts = more.dictionaries;
  std::vector<std::uint16_t> source(more.source_names.size());
  for (std::size_t s = 0; s < source.size(); ++s) {
    const auto at = std::find(before.source_names.begin(), before.source_names.end(), more.source_names[s]);
    source[s] = static_cast<std::uint16_t>(at - before.source_names.begin());
    if (at == before.source_names.end()) before.source_names.push_back(more.source_names[s]);
  }
  const std::size_t old_rows = before.rows(), rows = old_rows + more.rows(), fields = before.fields.size();
  const auto comes_first = [&](std::size_t old_place, std::size_t new_place) {
    if (before.order_key[old_place] != more.order_key[new_place]) return before.order_key[old_place] < more.order_key[new_place];
    return said_by(before, texts, old_place) <= said_by(more, texts, new_place);
  };
  came_from.assign(rows, no_place);
  std::vector<std::uint32_t> taken_from(rows);
  for (std::size_t place = 0, i = 0, j = 0; place < rows; ++place) {
    if (j == more.rows() || (i < old_rows && comes_first(i, j))) came_from[place] = static_cast<std::uint32_t>(i++);
    else taken_from[place] = static_cast<std::uint32_t>(j++);
  }
  PackedRows out;
  out.fields = more.fields, out.source_names = std::move(before.source_names), out.date_order = std::move(more.date_order);
  fill_room(out.cells, rows * fields, TextId{0});
  out.source.resize(rows), out.input_row.resize(rows), out.order_key.resize(rows);
  share_range(rows, threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t place = from; place < to; ++place) {
      const bool old = came_from[place] != no_place;
      const PackedRows& part = old ? before : more;
      const std::size_t at = old ? came_from[place] : taken_from[place];
      std::copy_n(part.cells.begin() + static_cast<std::ptrdiff_t>(at * fields), fields, out.cells.begin() + static_cast<std::ptrdiff_t>(place * fields));
      out.source[place] = old ? part.source[at] : source[part.source[at]];
      out.input_row[place] = old ? part.input_row[at] : static_cast<std::uint32_t>(old_rows + part.input_row[at]);
      out.order_key[place] = part.order_key[at];
    }
  });
  out.dictionaries = std::move(more.dictionaries);
  return out;
}

PackedRows pack(const RawRows& raw, const Model& model, unsigned threads) { return Packer(raw, model, threads).run(); }

}  // namespace catchment::linkage
