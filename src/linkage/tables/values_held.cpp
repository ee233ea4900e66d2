#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

void keep_values_held(PackedRows& rows, const std::vector<Dictionary>& texts) {
  std::vector<Dictionary> held(texts.size());
  for (std::uint32_t d = 0; d < texts.size(); ++d) {
    std::vector<TextId> now(texts[d].size(), 0);
    for (std::size_t place = 0; place < rows.rows(); ++place)
      for (std::size_t f = 0; f < rows.fields.size(); ++f) {
        if (rows.fields[f].dictionary != d) continue;
        TextId& cell = rows.cells[place * rows.fields.size() + f];
        if (cell != 0 && now[cell] == 0) now[cell] = held[d].append(texts[d].text(cell));
        cell = now[cell];
      }
  }
  rows.dictionaries = std::move(held);
}

}  // namespace catchment::linkage
