#include "measures/population_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "measures/sql.h"

namespace catchment::measures {

namespace {

using records::no_value;

std::size_t at(std::int16_t column) { return static_cast<std::size_t>(column); }

const records::Column& column_of(std::size_t table, std::int16_t column) { return records::tables[table].columns[at(column)]; }

}  // namespace

std::vector<std::uint64_t> count_rows(db::Connection& connection, const ScanPlan& plan, PersonRange range) {
  std::vector<std::uint64_t> counts;
  for (const TableScan& scan : plan.scans) {
    const ScanStatement statement = scan_statement(scan, false, range, true);
    counts.push_back(static_cast<std::uint64_t>(std::get<std::int64_t>(connection.query(statement.sql, statement.values).single())));
  }
  return counts;
}

std::vector<records::PersonSummary> read_persons(db::Connection& connection, bool own_data) {
  std::vector<records::PersonSummary> persons;
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
  explicit Places(std::span<const records::PersonSummary> persons) : persons_(persons) {
    first_ = persons.empty() ? 0 : persons.front().person.value;
    dense_ = !persons.empty() && persons.back().person.value - first_ + 1 == static_cast<std::int64_t>(persons.size());
  }
  /// One past the end for someone who is not listed.
  std::size_t of(std::int64_t person) const {
    if (dense_) {
      const std::int64_t place = person - first_;
      return place < 0 || place >= static_cast<std::int64_t>(persons_.size()) ? persons_.size() : static_cast<std::size_t>(place);
    }
    const auto found = std::lower_bound(persons_.begin(), persons_.end(), person, [](const records::PersonSummary& p, std::int64_t id) { return p.person.value < id; });
    return found == persons_.end() || found->person.value != person ? persons_.size() : static_cast<std::size_t>(found - persons_.begin());
  }

 private:
  std::span<const records::PersonSummary> persons_;
  std::int64_t first_ = 0;
  bool dense_ = false;
};

std::int64_t cell_at(const db::Chunk& chunk, std::size_t column, std::size_t row, records::Kind kind, RowColumns& table) {
  if (chunk.is_null(column, row)) return no_value;
  switch (kind) {
    case records::Kind::number: return std::bit_cast<std::int64_t>(chunk.number(column, row));
    case records::Kind::instant: return chunk.integer(column, row) / 1000;  // microseconds
    case records::Kind::local_id:
      table.texts.emplace_back(chunk.text(column, row));
      return static_cast<std::int64_t>(table.texts.size()) - 1;
    default: return chunk.integer(column, row);
  }
}

struct Scanned {
  std::vector<std::uint32_t> places;  // of each row's person
  RowColumns rows;
};

Scanned scan_table(db::Connection& connection, const TableScan& scan, bool labels, PersonRange range, const Places& places, std::size_t persons) {
  Scanned out;
  const records::Table& table = records::tables[scan.table];
  out.rows.cells.resize(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (!is_wide(table.columns[i].kind)) out.rows.cells[i].use_narrow();
  out.rows.sources.use_narrow();
  out.rows.organisations.use_narrow();
  const ScanStatement statement = scan_statement(scan, labels, range);
  const bool tested = scan.tests_codes();
  db::Rows rows = connection.stream(statement.sql, statement.values);
  db::Chunk chunk;
  std::vector<bool> keep;
  while (rows.next(chunk)) {
    const std::size_t count = chunk.rows();
    keep.assign(count, true);
    if (tested) {
      std::size_t position = labels ? 4 : 1;
      for (const std::int16_t column : scan.columns) {
        if (column == scan.code_column)
          for (std::size_t row = 0; row < count; ++row)
            keep[row] = std::binary_search(scan.codes.begin(), scan.codes.end(), static_cast<std::int32_t>(chunk.integer(position, row)));
        ++position;
      }
    }
    for (std::size_t row = 0; row < count; ++row) {
      const std::size_t place = keep[row] ? places.of(chunk.integer(0, row)) : persons;
      keep[row] = place < persons;
      if (keep[row]) out.places.push_back(static_cast<std::uint32_t>(place));
    }
    const auto read = [&](std::size_t position, records::Kind kind, CellColumn& into) {
      for (std::size_t row = 0; row < count; ++row)
        if (keep[row]) into.push(cell_at(chunk, position, row, kind, out.rows));
    };
    std::size_t position = 1;
    if (labels) {
      read(1, records::Kind::integer, out.rows.sources);
      read(2, records::Kind::integer, out.rows.lines);
      read(3, records::Kind::integer, out.rows.organisations);
      position = 4;
    }
    for (const std::int16_t column : scan.columns) {
      const records::Kind kind = table.columns[at(column)].kind;
      read(position++, kind, out.rows.cells[at(column)]);
    }
  }
  out.rows.rows = out.places.size();
  return out;
}

/// From the order of the scan to the order of persons; rows of one person keep theirs.
std::vector<std::uint32_t> order_by_person(Scanned& scanned, const TableScan& scan, bool labels, std::size_t persons, RowColumns& out) {
  std::vector<std::uint32_t> starts(persons + 1, 0);
  for (const std::uint32_t place : scanned.places) ++starts[place + 1];
  for (std::size_t i = 1; i <= persons; ++i) starts[i] += starts[i - 1];
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
  std::vector<std::uint32_t>& to = scanned.places;
  for (std::uint32_t& place : to) place = next[place]++;
  const auto move = [&](CellColumn& from, CellColumn& into, bool wide) {
    if (!wide) into.use_narrow();
    into.resize(to.size());
    for (std::size_t row = 0; row < to.size(); ++row) into.set(to[row], from.at(row));
    from = CellColumn();
  };
  out.cells.resize(scanned.rows.cells.size());
  for (const std::int16_t column : scan.columns)
    move(scanned.rows.cells[at(column)], out.cells[at(column)], is_wide(column_of(scan.table, column).kind));
  if (labels) {
    move(scanned.rows.sources, out.sources, false);
    move(scanned.rows.lines, out.lines, true);
    move(scanned.rows.organisations, out.organisations, false);
  }
  out.texts = std::move(scanned.rows.texts);
  out.rows = to.size();
  return starts;
}

}  // namespace

PopulationRows::PopulationRows(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan,
                               std::span<const records::PersonSummary> persons, PersonRange range) {
  const Places places(persons);
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      db::Connection connection = connections();
      for (std::size_t i = next++; i < plan.scans.size(); i = next++) {
        const TableScan& scan = plan.scans[i];
        Scanned scanned = scan_table(connection, scan, plan.labels, range, places, persons.size());
        starts_[scan.table] = order_by_person(scanned, scan, plan.labels, persons.size(), columns_[scan.table]);
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failing);
      failure = std::current_exception();
      next = plan.scans.size();
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < threads && i < plan.scans.size(); ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  if (failure) std::rethrow_exception(failure);
  for (const TableScan& scan : plan.scans) tables_.push_back(scan.table);
}

RowRanges PopulationRows::rows_of(std::size_t person) const {
  RowRanges ranges{};
  for (const std::size_t table : tables_) ranges[table] = {starts_[table][person], starts_[table][person + 1]};
  return ranges;
}

bool PopulationRows::has_rows(std::size_t person) const {
  return std::any_of(tables_.begin(), tables_.end(), [&](std::size_t table) { return starts_[table][person] != starts_[table][person + 1]; });
}

}  // namespace catchment::measures
