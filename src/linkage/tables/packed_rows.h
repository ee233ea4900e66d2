// Rows ready for comparison: every field normalised, every value a dictionary id, one row's ids side by
// side, rows in canonical order (an order that depends on what rows say, never on where they stood).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "linkage/model/model.h"
#include "linkage/normalise/normalise.h"
#include "linkage/tables/dictionary.h"

namespace catchment::linkage {

/// A column as sent. `cells` has one id per row; id 0 is empty.
struct RawColumn {
  std::string name;
  const Dictionary* texts = nullptr;
  const std::vector<TextId>* cells = nullptr;
};

/// Rows as sent, from any number of sources.
struct RawRows {
  std::size_t rows = 0;
  std::vector<RawColumn> columns;
  std::vector<std::string> source_names;
  std::vector<std::uint16_t> source;  // per row
  std::vector<std::uint64_t> key_hash;  // per row, of the row's own id within its source
};

struct PackedField {
  std::string name;
  FieldKind kind = FieldKind::ignore;
  std::uint32_t dictionary = 0;
};

struct PackedRows {
  std::vector<PackedField> fields;
  std::vector<Dictionary> dictionaries;  // given and family names share one
  std::vector<TextId> cells;             // rows x fields
  std::vector<std::uint16_t> source;
  std::vector<std::string> source_names;
  std::vector<std::uint32_t> input_row;  // canonical place -> row as sent
  std::map<std::string, DateOrder> date_order;  // how each column writes its dates
  std::vector<std::uint64_t> order_key;  // what canonical order goes by, then what rows say
  std::size_t rows() const { return input_row.size(); }
  const TextId* row(std::size_t row) const { return cells.data() + row * fields.size(); }
  TextId cell(std::size_t row, std::size_t field) const { return cells[row * fields.size() + field]; }
  const Dictionary& texts(std::size_t field) const { return dictionaries[fields[field].dictionary]; }
  std::string_view text(std::size_t row, std::size_t field) const { return texts(field).text(cell(row, field)); }
  /// Index of a field, or -1.
  int field(std::string_view name) const;
  int first_of(FieldKind kind) const;
};

/// Gives rows whose cells are ids in `texts` dictionaries of their own, of the values they hold and no others: what is made
/// for every value costs as much as the values there are.
void keep_values_held(PackedRows& rows, const std::vector<Dictionary>& texts);

/// A text in the form its kind of field is compared in.
std::string normalise_value(std::string_view text, FieldKind kind, DateOrder order);

/// The fields a model's columns become once names are parted and dates put together.
PackedRows pack(const RawRows& raw, const Model& model, unsigned threads = 1);

/// The same where texts are given the ids that rows packed before gave them, and dates are read as theirs were.
PackedRows pack_with(std::vector<Dictionary> dictionaries, std::map<std::string, DateOrder> date_order, const RawRows& raw, const Model& model,
                     unsigned threads);

/// More rows of the same fields beside those packed before, as if all had been packed at once; `raw` rows are numbered
/// after the rows there are. `came_from` tells where each row stood before; new rows say no_place.
PackedRows pack_more(PackedRows before, const RawRows& raw, const Model& model, unsigned threads, std::vector<std::uint32_t>& came_from);
inline constexpr std::uint32_t no_place = 0xffffffffU;

}  // namespace catchment::linkage
