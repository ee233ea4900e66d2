#include "measures/population_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "measures/sql.h"

namespace catchment::measures {

/// Rows in the order they were read.
struct PopulationRows::Scanned {
  std::vector<std::uint32_t> places;  // of each row's person
  RowColumns rows;
};

namespace {

using Scanned = PopulationRows::Scanned;

using records::no_value;

std::size_t at(std::int16_t column) { return static_cast<std::size_t>(column); }

const records::Column& column_of(std::size_t table, std::int16_t column) { return records::tables[table].columns[at(column)]; }

}  // namespace

std::vector<std::uint64_t> count_rows(db::Connection& connection, const ScanPlan& plan, PersonRange range) {
  std::vector<std::uint64_t> counts;
  for (const TableScan& scan : plan.scans) {
    const ScanStatement statement = count_statement(scan, range);
    counts.push_back(static_cast<std::uint64_t>(std::get<std::int64_t>(connection.query(statement.sql, statement.values).single())));
  }
  return counts;
}

PersonBounds person_bounds(db::Connection& connection) {
  const auto row = connection.query(sql::person_bounds).all().at(0);
  return {static_cast<std::uint64_t>(std::get<std::int64_t>(row[0])), {std::get<std::int64_t>(row[1]), std::get<std::int64_t>(row[2])}};
}

std::vector<records::PersonSummary> read_persons(db::Connection& connection, bool own_data) {
  std::vector<records::PersonSummary> persons;
  persons.reserve(person_bounds(connection).persons);
  db::Rows rows = connection.stream(own_data ? sql::person_own_data : sql::person_ids);
  db::Chunk chunk;
  constexpr char precisions[] = {'d', 'm', 'y'};
  while (rows.next(chunk)) {
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
      records::PersonSummary& person = persons.emplace_back();
      person.person.value = chunk.integer(0, row);
      if (!own_data) continue;
      if (!chunk.is_null(1, row)) person.birth_date = chunk.date(1, row);
      person.birth_precision = precisions[chunk.is_null(2, row) ? 0 : chunk.integer(2, row)];
      person.sex = chunk.is_null(3, row) ? records::Sex::unknown : static_cast<records::Sex>(chunk.integer(3, row));
      if (!chunk.is_null(4, row)) person.death_date = chunk.date(4, row);
      person.practice.value = static_cast<std::int32_t>(chunk.integer(5, row));
    }
  }
  return persons;
}

namespace {

/// Where a person id stands in the list: at once when ids are 1, 2, 3, ...
class Places {
 public:
  /// Anyone in the range, at the distance from its first.
  explicit Places(PersonRange range) : first_(range.first), dense_(true), count_(static_cast<std::size_t>(range.last - range.first + 1)) {}
  explicit Places(std::span<const records::PersonSummary> persons) : persons_(persons) {
    first_ = persons.empty() ? 0 : persons.front().person.value;
    dense_ = !persons.empty() && persons.back().person.value - first_ + 1 == static_cast<std::int64_t>(persons.size());
    count_ = persons.size();
  }
  std::size_t count() const { return count_; }
  /// One past the end for someone who is not listed.
  std::size_t of(std::int64_t person) const {
    if (dense_) {
      const std::int64_t place = person - first_;
      return place < 0 || place >= static_cast<std::int64_t>(count_) ? count_ : static_cast<std::size_t>(place);
    }
    const auto found =
        std::lower_bound(persons_.begin(), persons_.end(), person, [](const records::PersonSummary& p, std::int64_t id) { return p.person.value < id; });
    return found == persons_.end() || found->person.value != person ? persons_.size() : static_cast<std::size_t>(found - persons_.begin());
  }

 private:
  std::span<const records::PersonSummary> persons_;
  std::int64_t first_ = 0;
  bool dense_ = false;
  std::size_t count_ = 0;
};

std::int64_t cell_at(const db::Chunk& chunk, std::size_t column, std::size_t row, records::Kind kind, RowColumns& table) {
  if (chunk.is_null(column, row)) return no_value;
  switch (kind) {
    case records::Kind::number: return std::bit_cast<std::int64_t>(chunk.number(column, row));
    case records::Kind::instant: return chunk.integer(column, row) / 1000;  // microseconds
    case records::Kind::local_id: table.texts.emplace_back(chunk.text(column, row)); return static_cast<std::int64_t>(table.texts.size()) - 1;
    default: return chunk.integer(column, row);
  }
}

/// Appends what a statement gives to the rows scanned so far.
class TableReader {
 public:
  TableReader(const TableScan& scan, bool labels, const Places& places, Scanned& out)
      : scan_(scan), labels_(labels), places_(places), out_(out), table_(records::tables[scan.table]) {
    out.rows.cells.resize(table_.columns.size());
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (!is_wide(table_.columns[i].kind)) out.rows.cells[i].use_narrow();
    out.rows.sources.use_narrow();
    out.rows.organisations.use_narrow();
  }

  void read(db::Connection& connection, const ScanStatement& statement) {
    db::Rows rows = connection.stream(statement.sql, statement.values);
    db::Chunk chunk;
    while (rows.next(chunk)) {
      choose(chunk);
      if (labels_) {
        take(chunk, 1, records::Kind::integer, out_.rows.sources);
        take(chunk, 2, records::Kind::integer, out_.rows.lines);
        take(chunk, 3, records::Kind::integer, out_.rows.organisations);
      }
      std::size_t position = first_column();
      for (const std::int16_t column : scan_.columns) take(chunk, position++, table_.columns[at(column)].kind, out_.rows.cells[at(column)]);
    }
    out_.rows.rows = out_.places.size();
  }

 private:
  std::size_t first_column() const { return labels_ ? 4 : 1; }

  /// The rows of the chunk that are kept, and whose they are.
  void choose(const db::Chunk& chunk) {
    kept_.clear();
    const auto code = scan_.tests_codes() ? scan_.columns.find(scan_.code_column) : scan_.columns.end();
    const bool tested = code != scan_.columns.end();
    const std::size_t position = first_column() + static_cast<std::size_t>(std::distance(scan_.columns.begin(), code));
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
      if (tested && !std::binary_search(scan_.codes.begin(), scan_.codes.end(), static_cast<std::int32_t>(chunk.integer(position, row)))) continue;
      const std::size_t place = places_.of(chunk.integer(0, row));
      if (place >= places_.count()) continue;
      kept_.push_back(static_cast<std::uint32_t>(row));
      out_.places.push_back(static_cast<std::uint32_t>(place));
    }
  }

  void take(const db::Chunk& chunk, std::size_t position, records::Kind kind, CellColumn& into) {
    for (const std::uint32_t row : kept_) into.push(cell_at(chunk, position, row, kind, out_.rows));
  }

  const TableScan& scan_;
  bool labels_;
  const Places& places_;
  Scanned& out_;
  const records::Table& table_;
  std::vector<std::uint32_t> kept_;
};

Scanned scan_table(db::Connection& connection, const TableScan& scan, bool labels, PersonRange range, const Places& places) {
  Scanned out;
  TableReader reader(scan, labels, places, out);
  for (const ScanStatement& statement : scan_statements(scan, labels, range)) reader.read(connection, statement);
  return out;
}

/// From the order of the scan to the order of persons; rows of one person keep theirs. Each person is in one part only.
std::vector<std::uint32_t> order_by_person(std::span<Scanned> parts, const TableScan& scan, bool labels, std::size_t persons, RowColumns& out) {
  std::vector<std::uint32_t> starts(persons + 1, 0);
  for (const Scanned& part : parts)
    for (const std::uint32_t place : part.places) ++starts[place + 1];
  for (std::size_t i = 1; i <= persons; ++i) starts[i] += starts[i - 1];
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
  std::vector<std::int64_t> first_text;
  for (Scanned& part : parts) {
    for (std::uint32_t& place : part.places) place = next[place]++;
    first_text.push_back(static_cast<std::int64_t>(out.texts.size()));
    std::move(part.rows.texts.begin(), part.rows.texts.end(), std::back_inserter(out.texts));
  }
  out.rows = starts.back();
  const auto move = [&](const auto& column_of_part, CellColumn& into, records::Kind kind, bool wide) {
    if (!wide) into.use_narrow();
    into.resize(out.rows);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      CellColumn& from = column_of_part(parts[p].rows);
      const std::int64_t base = kind == records::Kind::local_id ? first_text[p] : 0;
      const std::vector<std::uint32_t>& to = parts[p].places;
      for (std::size_t row = 0; row < to.size(); ++row) {
        const std::int64_t cell = from.at(row);
        into.set(to[row], cell == no_value ? cell : cell + base);
      }
      from = CellColumn();
    }
  };
  out.cells.resize(records::tables[scan.table].columns.size());
  for (const std::int16_t column : scan.columns) {
    const records::Kind kind = column_of(scan.table, column).kind;
    move([column](RowColumns& rows) -> CellColumn& { return rows.cells[at(column)]; }, out.cells[at(column)], kind, is_wide(kind));
  }
  if (labels) {
    move([](RowColumns& rows) -> CellColumn& { return rows.sources; }, out.sources, records::Kind::integer, false);
    move([](RowColumns& rows) -> CellColumn& { return rows.lines; }, out.lines, records::Kind::integer, true);
    move([](RowColumns& rows) -> CellColumn& { return rows.organisations; }, out.organisations, records::Kind::integer, false);
  }
  return starts;
}

/// Does each of the works, by at most so many threads; `make` gives each thread what does one.
void in_parallel(std::size_t works, unsigned threads, const std::function<std::function<void(std::size_t)>()>& make) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      const auto one = make();
      for (std::size_t i = next++; i < works; i = next++) one(i);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failing);
      failure = std::current_exception();
      next = works;
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < threads && i < works; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  if (failure) std::rethrow_exception(failure);
}

/// Who has rows, by id; and from the distance of an id from the first to the place among them.
std::vector<records::PersonSummary> persons_with_rows(std::vector<Scanned>& scanned, PersonRange range) {
  std::vector<std::uint32_t> place(static_cast<std::size_t>(range.last - range.first + 1), 0);
  for (const Scanned& each : scanned)
    for (const std::uint32_t distance : each.places) place[distance] = 1;
  std::vector<records::PersonSummary> persons;
  persons.reserve(static_cast<std::size_t>(std::count(place.begin(), place.end(), 1U)));
  for (std::size_t distance = 0; distance < place.size(); ++distance) {
    if (place[distance] == 0) continue;
    place[distance] = static_cast<std::uint32_t>(persons.size());
    persons.emplace_back().person.value = range.first + static_cast<std::int64_t>(distance);
  }
  for (Scanned& each : scanned)
    for (std::uint32_t& distance : each.places) distance = place[distance];
  return persons;
}

}  // namespace

namespace {

/// The range in as many stretches as there are threads.
std::vector<PersonRange> stretches_of(PersonRange range, unsigned threads) {
  if (range.last < range.first) return {range};
  std::vector<PersonRange> stretches;
  const std::int64_t step = (range.last - range.first) / static_cast<std::int64_t>(std::max(1U, threads)) + 1;
  for (std::int64_t first = range.first; first <= range.last; first += step) stretches.push_back({first, std::min(first + step - 1, range.last)});
  return stretches;
}

/// A connection whose statements give rows in the order of the table; the store does not keep it unless told.
db::Connection ordered(db::Connection connection) {
  connection.execute("SET preserve_insertion_order = true");
  return connection;
}

/// Every scan, a stretch of persons at a time: by scan, then stretch.
std::vector<Scanned> scan_all(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan, const Places& places,
                              const std::vector<PersonRange>& stretches) {
  std::vector<Scanned> scanned(plan.scans.size() * stretches.size());
  in_parallel(scanned.size(), threads, [&]() -> std::function<void(std::size_t)> {
    return [&scanned, &plan, &places, &stretches, connection = std::make_shared<db::Connection>(ordered(connections()))](std::size_t i) {
      scanned[i] = scan_table(*connection, plan.scans[i / stretches.size()], plan.labels, stretches[i % stretches.size()], places);
    };
  });
  return scanned;
}

}  // namespace

void PopulationRows::order(std::vector<Scanned> scanned, unsigned threads, const ScanPlan& plan, std::size_t persons) {
  const std::size_t parts = plan.scans.empty() ? 0 : scanned.size() / plan.scans.size();
  in_parallel(plan.scans.size(), threads, [&]() -> std::function<void(std::size_t)> {
    return [&](std::size_t i) {
      const TableScan& scan = plan.scans[i];
      const std::span<Scanned> mine(scanned.data() + i * parts, parts);
      starts_[scan.table] = order_by_person(mine, scan, plan.labels, persons, columns_[scan.table]);
      for (Scanned& part : mine) part = {};
    };
  });
  for (const TableScan& scan : plan.scans) tables_.push_back(scan.table);
}

PopulationRows::PopulationRows(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan,
                               std::span<const records::PersonSummary> persons, PersonRange range) {
  const Places places(persons);
  if (range.everyone() && !persons.empty()) range = {persons.front().person.value, persons.back().person.value};
  order(scan_all(connections, threads, plan, places, stretches_of(range, threads)), threads, plan, persons.size());
}

PopulationRows::PopulationRows(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan, PersonRange range) {
  const Places places(range);
  std::vector<Scanned> scanned = scan_all(connections, threads, plan, places, stretches_of(range, threads));
  persons_ = persons_with_rows(scanned, range);
  order(std::move(scanned), threads, plan, persons_.size());
}

RowRanges PopulationRows::rows_of(std::size_t person) const {
  RowRanges ranges{};
  for (const std::size_t table : tables_) ranges[table] = {starts_[table][person], starts_[table][person + 1]};
  return ranges;
}

std::size_t PopulationRows::person_of(std::size_t table, std::size_t row) const {
  const auto& starts = starts_[table];
  return static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), row) - starts.begin()) - 1;
}

RowRanges PopulationRows::all_rows() const {
  RowRanges ranges{};
  for (const std::size_t table : tables_) ranges[table] = {0, starts_[table].back()};
  return ranges;
}

bool PopulationRows::has_rows(std::size_t person) const {
  return std::any_of(tables_.begin(), tables_.end(), [&](std::size_t table) { return starts_[table][person] != starts_[table][person + 1]; });
}

}  // namespace catchment::measures
