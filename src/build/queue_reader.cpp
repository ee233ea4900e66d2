#include "build/queue_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "build/sql.h"

namespace catchment::build {

namespace {

template <typename Each>
void each_row(db::Rows rows, const Each& each) {
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) each(chunk, r);
}

std::string text_or_empty(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  return chunk.is_null(column, row) ? std::string() : std::string(chunk.text(column, row));
}

std::optional<Date> date_at(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  if (chunk.is_null(column, row)) return std::nullopt;
  return chunk.date(column, row);
}

void add_name(ReviewRows& names, const db::Chunk& c, std::size_t r) {
  auto& rows = c.text(0, r) == "a" ? names.a : names.b;
  rows.push_back({SourceId{static_cast<std::int32_t>(c.integer(1, r))}, std::string(c.text(2, r))});
}

db::DuckOptions reading(const std::filesystem::path& folder) {
  db::DuckOptions options;
  options.read_only = true;
  options.memory_limit = "1GB";
  options.temporary_directory = folder / "spill";
  return options;
}

}  // namespace

bool sees_queue(const records::RowFilter& filter) { return filter.sees_identity() && filter.terms().everyone; }

QueueReader::QueueReader(std::shared_ptr<const records::Snapshot> snapshot)
    : snapshot_(std::move(snapshot)),
      duck_(snapshot_->files().identity(), reading(snapshot_->files().folder)),
      connection_(duck_.connect()),
      present_(std::get<std::int64_t>(connection_.query(sql::queue_present).single()) > 0) {
  if (!present_) return;
  size_.pairs = std::get<std::int64_t>(connection_.query(sql::queue_length).single());
  each_row(connection_.query(sql::queue_unsure_read), [&](const db::Chunk& c, std::size_t r) { size_.unsure.push_back(c.integer(0, r)); });
}

QueueSize QueueReader::size(const Filter& filter) const { return sees_queue(filter) ? size_ : QueueSize{}; }

std::vector<ReviewPair> QueueReader::pairs(const std::vector<std::int64_t>& items, const Filter& filter) {
  std::vector<ReviewPair> all;
  if (!present_ || items.empty() || !sees_queue(filter)) return all;
  const std::lock_guard lock(mutex_);
  each_row(connection_.query(sql::queue_pair_read, {fmt::format("{}", fmt::join(items, ","))}), [&](const db::Chunk& c, std::size_t r) {
    all.push_back({c.integer(0, r), c.number(1, r), PersonId{c.integer(2, r)}, PersonId{c.integer(3, r)}, c.integer(4, r), c.integer(5, r),
                   std::string(c.text(6, r)), c.integer(7, r) != 0});
  });
  return all;
}

std::optional<ReviewPair> QueueReader::pair(std::int64_t item, const Filter& filter) {
  const auto found = pairs({item}, filter);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<std::int64_t> QueueReader::item_of(const ReviewStore::Pair& rows, const Filter& filter) {
  std::optional<std::int64_t> item;
  if (!present_ || !sees_queue(filter)) return item;
  const std::lock_guard lock(mutex_);
  const auto& [a, b] = rows;
  each_row(connection_.query(sql::queue_item_of, {std::int64_t{a.source.value}, a.key, std::int64_t{b.source.value}, b.key}),
           [&](const db::Chunk& c, std::size_t r) { item = c.integer(0, r); });
  return item;
}

ReviewRows QueueReader::names(std::int64_t item, const Filter& filter) {
  ReviewRows names;
  if (!present_ || !sees_queue(filter)) return names;
  const std::lock_guard lock(mutex_);
  each_row(connection_.query(sql::queue_subject_read, {item}), [&](const db::Chunk& c, std::size_t r) { add_name(names, c, r); });
  return names;
}

std::vector<ReviewWeight> QueueReader::weights(std::int64_t item, const Filter& filter) {
  std::vector<ReviewWeight> all;
  if (!present_ || !sees_queue(filter)) return all;
  const std::lock_guard lock(mutex_);
  each_row(connection_.query(sql::queue_weight_read, {item}),
           [&](const db::Chunk& c, std::size_t r) { all.push_back({std::string(c.text(0, r)), std::string(c.text(1, r)), c.number(2, r)}); });
  return all;
}

std::vector<ReviewRow> QueueReader::rows(const std::vector<PersonId>& persons, const Filter& filter) {
  std::vector<ReviewRow> all;
  if (!sees_queue(filter)) return all;
  const records::Dictionaries& words = snapshot_->dictionaries();
  const std::lock_guard lock(mutex_);
  bool restricted = false;
  for (const PersonId person : persons)
    each_row(connection_.query(sql::queue_row_read, {person.value}), [&](const db::Chunk& c, std::size_t r) {
      ReviewRow& row = all.emplace_back();
      row.person = person;
      row.source.value = static_cast<std::int32_t>(c.integer(0, r));
      row.line = c.integer(1, r);
      row.feed = words.source(row.source).feed;
      const auto& organisation = words.organisation(OrganisationId{c.is_null(2, r) ? 0 : static_cast<std::int32_t>(c.integer(2, r))});
      row.organisation = organisation.name.empty() ? organisation.code : organisation.name;
      std::size_t column = 3;
      for (std::string* cell : {&row.nhs_number, &row.number_status, &row.given, &row.family, &row.previous_family, &row.birth_precision, &row.sex,
                                &row.address, &row.postcode, &row.telephone, &row.email})
        *cell = text_or_empty(c, column++, r);
      row.birth_date = date_at(c, column, r);
      row.death_date = date_at(c, column + 1, r);
      row.updated = date_at(c, column + 2, r);
      restricted = restricted || (!c.is_null(column + 3, r) && c.integer(column + 3, r) != 0);
    });
  // If the two are one person, either side's address tells where the protected one lives; so does who sent
  // the row.
  if (restricted)
    for (ReviewRow& row : all) {
      row.withheld = true;
      for (std::string* cell : {&row.address, &row.postcode, &row.telephone, &row.email, &row.organisation, &row.feed}) cell->clear();
    }
  return all;
}

std::vector<LinkEdge> QueueReader::edges(PersonId person, const Filter& filter) {
  std::vector<LinkEdge> all;
  if (!present_ || !sees_queue(filter)) return all;
  const std::lock_guard lock(mutex_);
  each_row(connection_.query(sql::queue_edge_read, {person.value}), [&](const db::Chunk& c, std::size_t r) {
    all.push_back({SourceId{static_cast<std::int32_t>(c.integer(0, r))}, c.integer(1, r), SourceId{static_cast<std::int32_t>(c.integer(2, r))}, c.integer(3, r),
                   std::string(c.text(4, r)), c.number(5, r)});
  });
  return all;
}

std::optional<PersonId> QueueReader::person_of_row(SourceId source, std::int64_t line, const Filter& filter) {
  std::optional<PersonId> person;
  if (!sees_queue(filter)) return person;
  const std::lock_guard lock(mutex_);
  each_row(connection_.query(sql::queue_person_of_row, {std::int64_t{source.value}, line}),
           [&](const db::Chunk& c, std::size_t r) { person = PersonId{c.integer(0, r)}; });
  return person;
}

}  // namespace catchment::build
