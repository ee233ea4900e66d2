#include "build/authored.h"

#include "build/review_store.h"
#include "build/sql.h"

namespace catchment::build {

namespace {

constexpr db::Migration migrations[] = {{1, sql::authored_1}, {2, sql::authored_2}, {3, sql::authored_3}, {4, sql::authored_4}};

SourceId source_of(const db::Statement& row, int column) { return SourceId{static_cast<std::int32_t>(row.integer(column))}; }

}  // namespace

db::Sqlite open_authored(const std::filesystem::path& file) {
  db::Sqlite database(file, db::SqliteMode::create);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  db::migrate_part(database, file, "build", migrations);
  return database;
}

SourceId Authored::link_source(std::string_view kind, std::string_view domain, std::string_view organisation) {
  database_.prepare(sql::link_source_add).bind(kind).bind(domain).bind(organisation).run();
  db::Statement found = database_.prepare(sql::link_source_find);
  found.bind(kind).bind(domain).bind(organisation).step();
  return source_of(found, 0);
}

linkage::PersonRegister Authored::read_register() {
  linkage::PersonRegister kept;
  db::Statement count = database_.prepare(sql::person_row_count);
  if (count.step()) kept.reserve(static_cast<std::size_t>(count.integer(0)));
  db::Statement rows = database_.prepare(sql::person_row_read);
  while (rows.step()) kept.set(source_of(rows, 0), rows.text(1), PersonId{rows.integer(2)});
  db::Statement superseded = database_.prepare(sql::person_superseded_read);
  while (superseded.step()) kept.supersede(PersonId{superseded.integer(0)}, PersonId{superseded.integer(1)});
  db::Statement next = database_.prepare(sql::person_next_read);
  if (next.step()) kept.next_id = next.integer(0);
  db::Statement reviews = database_.prepare(sql::person_review_read);
  while (reviews.step())
    kept.reviews.push_back({{source_of(reviews, 0), std::string(reviews.text(1))},
                            {source_of(reviews, 2), std::string(reviews.text(3))},
                            verdict_named(reviews.text(4)).value_or(linkage::Verdict::unsure),
                            Instant{reviews.integer(5), static_cast<std::int16_t>(reviews.integer(6))},
                            std::string(reviews.text(7)),
                            std::string(reviews.text(8))});
  db::Statement numbers = database_.prepare(sql::superseded_number_read);
  while (numbers.step())
    kept.superseded_numbers.push_back({NhsNumber{static_cast<std::uint64_t>(numbers.integer(0))}, NhsNumber{static_cast<std::uint64_t>(numbers.integer(1))}});
  return kept;
}

void Authored::keep_rows(const linkage::PersonRegister& previous, const linkage::PersonRegister& next) {
  db::Statement keep = database_.prepare(sql::person_row_keep);
  for (std::size_t i = 0; i < next.rows(); ++i) {
    const PersonId person = next.row_person(i);
    if (previous.find(next.row_source(i), next.row_key(i)) == person) continue;
    keep.bind(next.row_source(i).value).bind(next.row_key(i)).bind(person.value).run();
  }
  db::Statement supersede = database_.prepare(sql::person_superseded_keep);
  for (const auto& [old_id, current] : next.superseded()) supersede.bind(old_id.value).bind(current.value).run();
  database_.prepare(sql::person_next_keep).bind(next.next_id).run();
}

void Authored::keep(const linkage::PersonRegister& previous, const linkage::PersonRegister& next, const std::vector<linkage::IdentityEvent>& events,
                    const std::string& snapshot, Instant built_at, const std::string& content_hash, const std::string& receipt_json,
                    const std::optional<TrainedBasis>& trained) {
  db::Transaction transaction(database_);
  keep_rows(previous, next);
  db::Statement add = database_.prepare(sql::person_event_add);
  for (const linkage::IdentityEvent& event : events)
    add.bind(event.kind == linkage::EventKind::merged ? "merged" : "split")
        .bind(event.from.value)
        .bind(event.to.value)
        .bind(std::int64_t{event.rows})
        .bind(event.at.utc_ms)
        .bind(event.reason)
        .bind(snapshot)
        .run();
  if (trained) keep_link_basis(database_, {*trained, snapshot, to_string(built_at)});
  database_.prepare(sql::build_receipt_add).bind(snapshot).bind(to_string(built_at)).bind(content_hash).bind(receipt_json).run();
  transaction.commit();
}

}  // namespace catchment::build
