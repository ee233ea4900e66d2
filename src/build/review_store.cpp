#include "build/review_store.h"

#include <algorithm>

#include "base/error.h"
#include "build/authored.h"
#include "build/sql.h"

namespace catchment::build {

namespace {

ReviewNote note_at(const db::Statement& row, int column) {
  ReviewNote note;
  note.id = row.integer(column);
  note.snapshot = row.text(column + 1);
  note.item = row.integer(column + 2);
  note.verdict = verdict_named(row.text(column + 3)).value_or(linkage::Verdict::unsure);
  note.at = Instant{row.integer(column + 4), 0};
  note.account = row.text(column + 5);
  note.name = row.text(column + 6);
  note.reason = row.text(column + 7);
  return note;
}

ReviewNote note_with_undo(const db::Statement& row) {
  ReviewNote note = note_at(row, 0);
  if (!row.is_null(8)) {
    note.undone_at = Instant{row.integer(8), 0};
    note.undone_by = row.text(9);
  }
  return note;
}

linkage::RowName name_at(const db::Statement& row, int column) {
  return {SourceId{static_cast<std::int32_t>(row.integer(column))}, std::string(row.text(column + 1))};
}

}  // namespace

std::string_view to_string(linkage::Verdict verdict) {
  switch (verdict) {
    case linkage::Verdict::same: return "same";
    case linkage::Verdict::different: return "different";
    case linkage::Verdict::unsure: return "unsure";
  }
  return "unsure";
}

std::optional<linkage::Verdict> verdict_named(std::string_view word) {
  for (const auto verdict : {linkage::Verdict::same, linkage::Verdict::different, linkage::Verdict::unsure})
    if (to_string(verdict) == word) return verdict;
  return std::nullopt;
}

ReviewStore::ReviewStore(const std::filesystem::path& authored) : database_(open_authored(authored)) {}

ReviewStore::Pair ReviewStore::pair_of(const linkage::RowName& a, const linkage::RowName& b) { return a < b ? Pair{a, b} : Pair{b, a}; }

std::optional<ReviewNote> ReviewStore::read_standing_on(const Pair& rows) {
  db::Statement found = database_.prepare(sql::review_on_pair);
  found.bind(rows.first.source.value).bind(rows.first.key).bind(rows.second.source.value).bind(rows.second.key);
  if (!found.step()) return std::nullopt;
  return note_at(found, 0);
}

std::optional<ReviewNote> ReviewStore::standing_on(const Pair& rows) {
  const std::lock_guard lock(mutex_);
  return read_standing_on(rows);
}

std::map<std::int64_t, ReviewNote> ReviewStore::standing_of(const std::string& snapshot) {
  const std::lock_guard lock(mutex_);
  std::map<std::int64_t, ReviewNote> all;
  db::Statement rows = database_.prepare(sql::review_of_snapshot);
  rows.bind(snapshot);
  while (rows.step()) {
    const ReviewNote note = note_at(rows, 0);
    all[note.item] = note;
  }
  return all;
}

std::vector<std::pair<ReviewStore::Pair, ReviewNote>> ReviewStore::standing_elsewhere(const std::string& snapshot, Instant since) {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Pair, ReviewNote>> all;
  db::Statement rows = database_.prepare(sql::review_elsewhere);
  rows.bind(since.utc_ms).bind(snapshot);
  while (rows.step()) all.emplace_back(pair_of(name_at(rows, 0), name_at(rows, 2)), note_at(rows, 4));
  return all;
}

ReviewStore::Outcome ReviewStore::decide(const ReviewRows& rows, const ReviewNote& note, std::int64_t seen, const std::function<void()>& before_kept) {
  if (rows.a.empty() || rows.b.empty()) throw Error(ErrorKind::bug, "a review decision about no rows");
  const std::lock_guard lock(mutex_);
  db::Transaction transaction(database_);  // another process may decide too: look and write in one
  const auto before = read_standing_on(pair_of(rows.a.front(), rows.b.front()));
  if (before && before->id != seen) return {false, *before};
  if (before_kept) before_kept();
  ReviewNote kept = note;
  database_.prepare(sql::review_add)
      .bind(note.snapshot)
      .bind(note.item)
      .bind(to_string(note.verdict))
      .bind(note.at.utc_ms)
      .bind(note.account)
      .bind(note.name)
      .bind(note.reason)
      .run();
  kept.id = database_.last_row_id();
  db::Statement add = database_.prepare(sql::review_add_pair);
  for (const linkage::RowName& a : rows.a)
    for (const linkage::RowName& b : rows.b)
      add.bind(a.source.value)
          .bind(a.key)
          .bind(b.source.value)
          .bind(b.key)
          .bind(to_string(note.verdict))
          .bind(note.at.utc_ms)
          .bind(note.account)
          .bind(note.reason)
          .bind(kept.id)
          .run();
  transaction.commit();
  return {true, kept};
}

std::optional<ReviewStore::Outcome> ReviewStore::undo(std::int64_t id, Instant at, const std::string& account, const std::string& name,
                                                      const std::function<void()>& before_kept) {
  const std::lock_guard lock(mutex_);
  db::Transaction transaction(database_);
  ReviewNote note;
  {
    db::Statement found = database_.prepare(sql::review_find);
    if (!found.bind(id).step()) return std::nullopt;
    note = note_with_undo(found);
  }
  if (note.undone_at) return Outcome{false, note};
  if (before_kept) before_kept();
  database_.prepare(sql::review_undo_add).bind(id).bind(at.utc_ms).bind(account).bind(name).run();
  transaction.commit();
  note.undone_at = at;
  note.undone_by = name;
  return Outcome{true, note};
}

std::vector<ReviewNote> ReviewStore::recent(std::int64_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<ReviewNote> all;
  db::Statement rows = database_.prepare(sql::review_recent);
  rows.bind(limit);
  while (rows.step()) all.push_back(note_with_undo(rows));
  return all;
}

}  // namespace catchment::build
