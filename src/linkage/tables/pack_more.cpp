#include <algorithm>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {
namespace {

std::uint64_t said_by(const PackedRows& rows, const std::vector<Dictionary>& texts, std::size_t place) {
  std::uint64_t content = 0;
  for (std::size_t f = 0; f < rows.fields.size(); ++f) content = mix64(content + hash_text(texts[rows.fields[f].dictionary].text(rows.cell(place, f))));
  return content;
}

}  // namespace

PackedRows pack_more(PackedRows before, const RawRows& raw, const Model& model, unsigned threads, std::vector<std::uint32_t>& came_from) {
  PackedRows more = pack_with(std::move(before.dictionaries), std::move(before.date_order), raw, model, threads);
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

}  // namespace catchment::linkage
