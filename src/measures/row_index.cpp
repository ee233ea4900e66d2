#include "measures/row_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace catchment::measures {

namespace {

void set_bit(std::vector<std::uint64_t>& bits, std::size_t place) {
  if (place / 64 >= bits.size()) bits.resize(place / 64 + 1);
  bits[place / 64] |= std::uint64_t{1} << (place % 64);
}

/// The same for retrieves of the same rows.
std::vector<std::int64_t> rows_asked(const BoundRetrieve& retrieve) {
  std::vector<std::int64_t> key;
  for (const RetrieveSource& source : retrieve.sources) {
    key.insert(
        key.end(),
        {static_cast<std::int64_t>(source.shape), source.every, source.first_words, source.second_words, static_cast<std::int64_t>(source.codes.size())});
    key.insert(key.end(), source.codes.begin(), source.codes.end());
  }
  return key;
}

}  // namespace

void RowIndex::use(const std::vector<BoundRetrieve>& retrieves, std::size_t codes) {
  std::size_t most = 0;
  std::map<std::vector<std::int64_t>, std::pair<std::size_t, std::size_t>> known;  // alike: place in alike_, first source
  std::set<std::vector<std::int64_t>> asked;
  for (const BoundRetrieve& retrieve : retrieves)
    if (retrieve.asked) asked.insert(rows_asked(retrieve));
  for (const BoundRetrieve& retrieve : retrieves) {
    most = std::max(most, retrieve.planned);
    if (!retrieve.known) set_bit(always_, retrieve.planned);
    std::vector<std::int64_t> rows = rows_asked(retrieve);
    if (!asked.contains(rows)) {
      first_source_.push_back(nowhere);
      continue;
    }
    const auto [place, is_new] = known.try_emplace(std::move(rows), alike_.size(), sources_.size());
    first_source_.push_back(place->second.second);
    if (is_new) alike_.emplace_back();
    alike_[place->second.first].push_back(retrieve.planned);
    if (!is_new) continue;
    for (const RetrieveSource& source : retrieve.sources) {
      Source& mine = sources_.emplace_back();
      mine.source = &source;
      mine.alike = alike_.size() - 1;
      if (source.first_words == 0 && source.second_words == 0) continue;
      const ElementMap& element = *code_element(shapes()[source.shape]);
      if (source.first_words != 0) mine.first_word = element.other;
      if (source.second_words != 0) mine.second_word = static_cast<std::int16_t>(element.other + 1);
    }
  }
  if (!retrieves.empty()) always_.resize(most / 64 + 1);
  bits_ = always_;
  found_.resize(sources_.size());
  for (std::size_t table = 0; table < records::table_count; ++table) add_table(table, codes);
}

void RowIndex::add_table(std::size_t table, std::size_t codes) {
  Table mine;
  mine.table = table;
  std::vector<std::uint32_t> coded;
  for (std::uint32_t i = 0; i < sources_.size(); ++i) {
    const Source& source = sources_[i];
    const ShapeMap& shape = shapes()[source.source->shape];
    if (static_cast<std::size_t>(shape.table_index) != table) continue;
    mine.code_column = shape.code_column;
    if (source.source->every) mine.every.push_back(source.alike);
    else if (source.first_word != no_column || source.second_word != no_column) mine.worded.push_back(i);
    else coded.push_back(i);
  }
  if (mine.every.empty() && mine.worded.empty() && coded.empty()) return;
  if (!coded.empty()) {
    mine.code_starts.assign(codes + 1, 0);
    for (const std::uint32_t i : coded)
      for (const std::int32_t code : sources_[i].source->codes) ++mine.code_starts[static_cast<std::size_t>(code) + 1];
    for (std::size_t code = 1; code <= codes; ++code) mine.code_starts[code] += mine.code_starts[code - 1];
    mine.code_sources.resize(mine.code_starts.back());
    std::vector<std::uint32_t> next(mine.code_starts.begin(), mine.code_starts.end() - 1);
    for (const std::uint32_t i : coded)
      for (const std::int32_t code : sources_[i].source->codes) mine.code_sources[next[static_cast<std::size_t>(code)]++] = i;
  }
  tables_.push_back(std::move(mine));
}

void RowIndex::mark(std::size_t alike) {
  for (const std::size_t planned : alike_[alike]) bits_[planned / 64] |= std::uint64_t{1} << (planned % 64);
}

void RowIndex::take(std::uint32_t source, std::size_t row) {
  std::vector<std::uint32_t>& rows = found_[source];
  if (rows.empty()) {
    filled_.push_back(source);
    mark(sources_[source].alike);
  }
  rows.push_back(static_cast<std::uint32_t>(row));
}

bool RowIndex::wanted(const Source& source, const RowColumns& table, std::int64_t code, std::size_t row) const {
  const RetrieveSource& of = *source.source;
  if (code > 0 && static_cast<std::size_t>(code) < of.has_code.size() && of.has_code[static_cast<std::size_t>(code)]) return true;
  const auto in_mask = [&](std::uint32_t mask, std::int16_t column) {
    const std::int64_t word = column == no_column ? records::no_value : table.cells[static_cast<std::size_t>(column)].at(row);
    return word >= 0 && word < 32 && (mask & (1U << word)) != 0;
  };
  return in_mask(of.first_words, source.first_word) || in_mask(of.second_words, source.second_word);
}

void RowIndex::begin(const RecordColumns& columns, const RowRanges& rows) {
  for (const std::uint32_t source : filled_) found_[source].clear();
  filled_.clear();
  bits_ = always_;
  for (const Table& table : tables_) {
    const RowRange range = rows[table.table];
    if (range.begin == range.end) continue;
    for (const std::size_t alike : table.every) mark(alike);
    if (table.code_starts.empty() && table.worded.empty()) continue;
    const RowColumns& cells = columns[table.table];
    const CellColumn* codes = table.code_column == no_column ? nullptr : &cells.cells[static_cast<std::size_t>(table.code_column)];
    for (std::size_t row = range.begin; row < range.end; ++row) {
      const std::int64_t code = codes == nullptr ? records::no_value : codes->at(row);
      if (code > 0 && static_cast<std::size_t>(code) + 1 < table.code_starts.size())
        for (std::uint32_t i = table.code_starts[static_cast<std::size_t>(code)]; i < table.code_starts[static_cast<std::size_t>(code) + 1]; ++i)
          take(table.code_sources[i], row);
      for (const std::uint32_t source : table.worded)
        if (wanted(sources_[source], cells, code, row)) take(source, row);
    }
  }
}

}  // namespace catchment::measures
