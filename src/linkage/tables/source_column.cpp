#include "linkage/tables/source_column.h"

#include <algorithm>
#include <map>

namespace catchment::linkage {

void part_by_source(RawRows& raw, const Model& model) {
  for (const Field& field : model.fields) {
    if (field.kind != FieldKind::source) continue;
    for (const std::string& name : field.columns) {
      const auto column = std::find_if(raw.columns.begin(), raw.columns.end(), [&](const RawColumn& each) { return each.name == name; });
      if (column == raw.columns.end() || column->texts->size() > most_sources_a_column + 1) continue;
      std::map<std::pair<std::uint16_t, TextId>, std::uint16_t> parted;
      for (std::size_t row = 0; row < raw.rows; ++row)
        if ((*column->cells)[row] != 0) parted.emplace(std::pair(raw.source[row], (*column->cells)[row]), 0);
      for (auto& [from, to] : parted) {
        to = static_cast<std::uint16_t>(raw.source_names.size());
        raw.source_names.push_back(raw.source_names[from.first] + ":" + std::string(column->texts->text(from.second)));
      }
      for (std::size_t row = 0; row < raw.rows; ++row)
        if (const auto at = parted.find({raw.source[row], (*column->cells)[row]}); at != parted.end()) raw.source[row] = at->second;
    }
  }
}

}  // namespace catchment::linkage
