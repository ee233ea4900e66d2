#include "records/read_cells.h"
#include "records/sql.h"

namespace catchment::records {
namespace {

// Calls fill(chunk, row) for every row of an answer.
template <typename Fill>
void each(db::Rows rows, const Fill& fill) {
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) fill(chunk, r);
}

std::optional<Date> date_or_none(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  if (chunk.is_null(column, row)) return {};
  return chunk.date(column, row);
}

std::int64_t integer_or_zero(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  return chunk.is_null(column, row) ? 0 : chunk.integer(column, row);
}

template <typename T>
T& at_id(std::vector<T>& entries, std::int64_t id) {
  if (entries.size() <= static_cast<std::size_t>(id)) entries.resize(static_cast<std::size_t>(id) + 1);
  return entries[static_cast<std::size_t>(id)];
}

db::Cell cell_of(const std::optional<std::string>& text) { return text ? db::Cell(*text) : db::Cell(); }
db::Cell cell_of(const std::optional<SourceId>& source) { return source ? db::Cell(std::int64_t{source->value}) : db::Cell(); }

}  // namespace

Dictionaries read_dictionaries(db::Connection& connection) {
  Dictionaries words;
  each(connection.query(sql::code_read), [&](const db::Chunk& c, std::size_t r) {
    at_id(words.codes, c.integer(0, r)) = {text_or_empty(c, 1, r), text_or_empty(c, 2, r), text_or_empty(c, 3, r)};
  });
  each(connection.query(sql::unit_read), [&](const db::Chunk& c, std::size_t r) { at_id(words.units, c.integer(0, r)) = text_or_empty(c, 1, r); });
  each(connection.query(sql::organisation_read), [&](const db::Chunk& c, std::size_t r) {
    at_id(words.organisations, c.integer(0, r)) = {text_or_empty(c, 1, r), text_or_empty(c, 2, r), text_or_empty(c, 3, r)};
  });
  each(connection.query(sql::place_read),
       [&](const db::Chunk& c, std::size_t r) { at_id(words.places, c.integer(0, r)) = {text_or_empty(c, 1, r), text_or_empty(c, 2, r)}; });
  each(connection.query(sql::area_read), [&](const db::Chunk& c, std::size_t r) {
    at_id(words.areas, c.integer(0, r)) = {text_or_empty(c, 1, r), text_or_empty(c, 2, r), text_or_empty(c, 3, r), static_cast<std::int32_t>(c.integer(4, r)),
                                           static_cast<std::int32_t>(c.integer(5, r))};
  });
  each(connection.query(sql::source_name_read), [&](const db::Chunk& c, std::size_t r) {
    at_id(words.sources, c.integer(0, r)) = {text_or_empty(c, 1, r), text_or_empty(c, 2, r), text_or_empty(c, 3, r)};
  });
  words.index();
  return words;
}

std::vector<Receipt> read_receipts(db::Connection& connection, const Dictionaries& words) {
  std::vector<Receipt> receipts;
  std::unordered_map<std::int64_t, std::size_t> by_source;
  each(connection.query(sql::receipt_read), [&](const db::Chunk& c, std::size_t r) {
    Receipt& receipt = receipts.emplace_back();
    const auto text = [&](std::size_t column) { return text_or_empty(c, column, r); };
    const auto number = [&](std::size_t column) { return integer_or_zero(c, column, r); };
    receipt.source.value = static_cast<std::int32_t>(number(0));
    receipt.feed = text(1);
    receipt.file = text(2);
    receipt.partner = text(3);
    if (const auto id = words.find_organisation(receipt.partner)) receipt.partner_name = words.organisation(*id).name;
    receipt.setting = text(4);
    receipt.period = text(5);
    receipt.delivery = text(6);
    receipt.status = text(7);
    receipt.sha256 = text(8);
    receipt.frequency = text(9);
    receipt.purposes = text(10);
    receipt.bytes = number(11);
    receipt.rows_read = number(12);
    receipt.rows_accepted = number(13);
    receipt.rows_quarantined = number(14);
    receipt.first_event = date_or_none(c, 15, r);
    receipt.latest_event = date_or_none(c, 16, r);
    receipt.tolerance = c.is_null(17, r) ? 0 : c.number(17, r);
    receipt.synthetic = number(18) != 0;
    by_source.emplace(receipt.source.value, receipts.size() - 1);
  });
  each(connection.query(sql::receipt_field_read), [&](const db::Chunk& c, std::size_t r) {
    const auto found = by_source.find(c.integer(0, r));
    if (found == by_source.end()) return;
    receipts[found->second].fields.push_back({text_or_empty(c, 1, r), integer_or_zero(c, 2, r), integer_or_zero(c, 3, r)});
  });
  return receipts;
}

std::vector<Finding> read_findings(db::Connection& connection, const FindingQuery& query) {
  std::vector<Finding> findings;
  each(connection.query(sql::finding_read, {cell_of(query.feed), cell_of(query.source), cell_of(query.rule)}), [&](const db::Chunk& c, std::size_t r) {
    Finding& f = findings.emplace_back();
    f.source.value = static_cast<std::int32_t>(c.integer(0, r));
    f.feed = text_or_empty(c, 1, r);
    f.file = text_or_empty(c, 2, r);
    f.column = text_or_empty(c, 3, r);
    f.rule = text_or_empty(c, 4, r);
    f.severity = text_or_empty(c, 5, r);
    f.rows = integer_or_zero(c, 6, r);
    f.value_class = text_or_empty(c, 7, r);
    f.first_line = integer_or_zero(c, 8, r);
  });
  return findings;
}

std::vector<Drift> read_drift(db::Connection& connection) {
  std::vector<Drift> drift;
  each(connection.query(sql::drift_read), [&](const db::Chunk& c, std::size_t r) {
    Drift& d = drift.emplace_back();
    d.source.value = static_cast<std::int32_t>(c.integer(0, r));
    d.previous.value = static_cast<std::int32_t>(integer_or_zero(c, 1, r));
    d.feed = text_or_empty(c, 2, r);
    d.file = text_or_empty(c, 3, r);
    d.measure = text_or_empty(c, 4, r);
    d.column = text_or_empty(c, 5, r);
    d.before = c.is_null(6, r) ? 0 : c.number(6, r);
    d.now = c.is_null(7, r) ? 0 : c.number(7, r);
    d.severity = text_or_empty(c, 8, r);
  });
  return drift;
}

FaultyRows read_faulty_rows(db::Connection& connection, const FaultyRowQuery& query, const Dictionaries& words) {
  FaultyRows found;
  const std::vector<db::Cell> of = {query.feed, cell_of(query.rule), cell_of(query.column), query.quarantined_only};
  found.total = std::get<std::int64_t>(connection.query(sql::faulty_row_count, of).single());
  std::vector<db::Cell> page = of;
  page.emplace_back(query.limit);
  page.emplace_back(query.offset);
  each(connection.query(sql::faulty_row_read, page), [&](const db::Chunk& c, std::size_t r) {
    FaultyRow& row = found.rows.emplace_back();
    row.source.value = static_cast<std::int32_t>(c.integer(0, r));
    row.feed = words.source(row.source).feed;
    row.file = words.source(row.source).file;
    row.line = c.integer(1, r);
    row.column = text_or_empty(c, 2, r);
    row.rule = text_or_empty(c, 3, r);
    row.severity = text_or_empty(c, 4, r);
    row.value_class = text_or_empty(c, 5, r);
  });
  return found;
}

std::vector<QuarantinedRow> read_quarantine(db::Connection& connection, const QuarantineQuery& query, const Dictionaries& words) {
  std::vector<QuarantinedRow> found;
  std::string sources = ",";  // those of the feed asked for; the feed's name is not in identity.duckdb
  for (std::size_t i = 1; i < words.sources.size(); ++i)
    if (!query.feed || words.sources[i].feed == *query.feed) sources += std::to_string(i) + ",";
  each(connection.query(sql::quarantine_read,
                        {cell_of(query.source), sources, cell_of(query.rule), static_cast<std::int64_t>(query.limit), static_cast<std::int64_t>(query.offset),
                         query.line ? db::Cell(*query.line) : db::Cell()}),
       [&](const db::Chunk& c, std::size_t r) {
         QuarantinedRow& row = found.emplace_back();
         row.source.value = static_cast<std::int32_t>(c.integer(0, r));
         row.feed = words.source(row.source).feed;
         row.file = words.source(row.source).file;
         row.line = c.integer(1, r);
         row.column = text_or_empty(c, 2, r);
         row.rule = text_or_empty(c, 3, r);
         row.content = text_or_empty(c, 4, r);
       });
  return found;
}

}  // namespace catchment::records
