// Why a measure's latest figure differs from an earlier one: the kept members of both, split by module
// thread. Of two months of one snapshot the rows are the same, so that nothing can be late and nobody linked
// anew; of two snapshots the earlier one's members are read as they were kept with it.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "api/figures.h"
#include "api/snapshot_source.h"
#include "api/sql.h"
#include "thread/thread.h"

namespace catchment::api {

namespace {

using indicators::PublishedMeasure;
using thread::Cause;

Date first_of(Date day) { return Date::from_ymd(day.year(), day.month(), 1); }
Date last_of(Date month) { return first_of(month).plus_months(1).plus_days(-1); }

/// Everyone's counts in a measure's month, by the person's place in the snapshot's order.
std::vector<thread::Counts> counts_of(const measures::MonthMembers& members, std::size_t persons) {
  std::vector<thread::Counts> counts(persons);
  for (const auto at : members.denominator.places())
    if (at < persons) counts[at].denominator = 1;
  for (const auto at : members.numerator.places())
    if (at < persons) counts[at].numerator = 1;
  for (const auto& [at, events] : members.more)
    if (at < persons) counts[at].numerator = events;
  return counts;
}

/// Whether each person counts in a place's figures (registered here, whole area without a place).
std::vector<bool> in_figure(const MemberSide& side, const std::string& place) {
  const auto& groups = side.groups;
  const auto& cells = groups.cells[static_cast<std::size_t>(indicators::Basis::registered)];
  std::vector<bool> in(groups.persons());
  for (std::size_t at = 0; at < in.size(); ++at) {
    if (groups.left_out[at] != 0 || cells[at] == indicators::no_cell) continue;
    in[at] = place.empty() || groups.lists.places[indicators::parts_of(cells[at]).place] == place;
  }
  return in;
}

/// Registered on two days; who was not yet born or has died stands as on the other day.
struct Standing {
  std::vector<bool> then, now;
};
Standing standing(const MemberSide& side, Date first, Date last) {
  Standing result;
  db::Connection connection = side.snapshot->population();
  db::Rows rows = connection.query(sql::person_standing, {db::Cell{first}, db::Cell{last}});
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const bool then = chunk.integer(1, r) != 0, now = chunk.integer(2, r) != 0;
      const bool unborn = chunk.integer(3, r) != 0, dead = chunk.integer(4, r) != 0;
      result.then.push_back(unborn ? now : then);
      result.now.push_back(dead ? then : now);
    }
  return result;
}

/// What the pages may offer of an earlier snapshot: its own measure, as it was published then.
struct Earlier {
  records::Manifest manifest;
  std::filesystem::path folder;
  PublishedMeasure measure;
};

std::string snapshot_words(const records::Manifest& manifest, Date month) {
  constexpr std::int64_t minute_ms = 60'000, day_minutes = 24 * 60;
  const std::int64_t minutes = manifest.built_at.utc_ms / minute_ms;
  return fmt::format("the snapshot of {}, {:02}:{:02} ({})", to_long_string(Date{static_cast<std::int32_t>(minutes / day_minutes)}), minutes % day_minutes / 60,
                     minutes % 60, month_words(month));
}

std::vector<Earlier> earlier_snapshots(const records::Snapshot& current, const std::string& measure) {
  std::vector<Earlier> all;
  const auto snapshots = current.files().folder.parent_path();
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(snapshots, absent)) {
    if (!std::filesystem::exists(entry.path() / "manifest.json", absent)) continue;
    try {
      const auto manifest = records::read_manifest(entry.path());
      if (manifest.content_hash == current.manifest().content_hash || manifest.id >= current.manifest().id) continue;
      const MeasureShelf shelf(indicators::figures_file(snapshots.parent_path(), manifest.content_hash));
      if (const auto* found = shelf.find(measure)) all.push_back({manifest, entry.path(), *found});
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): a damaged or unknown one is not offered
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.manifest.id > b.manifest.id; });
  return all;
}

std::vector<thread::Relink> relinked_since(const std::filesystem::path& authored, Instant since) {
  std::vector<thread::Relink> relinks;
  db::Sqlite database(authored, db::SqliteMode::read_only);
  db::Statement rows = database.prepare(sql::relinked_since);
  rows.bind(since.utc_ms);
  while (rows.step()) relinks.push_back({PersonId{rows.integer(0)}, PersonId{rows.integer(1)}});
  return relinks;
}

std::string title_of(Cause cause, bool definition_known) {
  switch (cause) {
    case Cause::late_data: return "Late data";
    case Cause::relinked: return "Relinked people";
    case Cause::movers: return "Movers";
    case Cause::definition: return "Changed definition";
    default: return definition_known ? "Real change" : "Real change and changed definition together";
  }
}

std::string words_of(Cause cause) {
  switch (cause) {
    case Cause::late_data: return "The same people, day and rule: rows that arrived, were corrected or withdrawn since.";
    case Cause::relinked: return "Records that were one person are now several, or the other way round.";
    case Cause::movers: return "People who registered here or left.";
    case Cause::definition: return "The same people and rows under the changed rule.";
    default: return "What is left: it happened between the two days. Births, birthdays and deaths are in it.";
  }
}

Number value_of(const disclosure::Count& numerator, const disclosure::Count& denominator, double per) {
  if (numerator.hidden() || denominator.hidden() || *denominator.shown == 0) return std::nullopt;
  return std::round(static_cast<double>(*numerator.shown) / static_cast<double>(*denominator.shown) * per * 100) / 100;
}

/// The parts as they may leave; what each does to the value is worked out from the shown counts alone.
void show(MeasureChange& answer, const PublishedMeasure& measure, const thread::Change& change, const disclosure::Policy& policy,
          const std::array<bool, thread::causes>& known, bool definition_known) {
  const auto above = thread::shown(policy, change, true), below = thread::shown(policy, change, false);
  answer.before.numerator = above.before.shown, answer.before.denominator = below.before.shown,
  answer.before.value = value_of(above.before, below.before, measure.per);
  answer.after.numerator = above.after.shown, answer.after.denominator = below.after.shown,
  answer.after.value = value_of(above.after, below.after, measure.per);
  disclosure::Count numerator = above.before, denominator = below.before;
  Number at = answer.before.value;
  for (std::size_t c = 0; c < thread::causes; ++c) {
    const auto cause = static_cast<Cause>(c);
    const auto &up = above.parts[c], &down = below.parts[c];
    ChangePart part{std::string(thread::word_of(cause)),
                    title_of(cause, definition_known),
                    words_of(cause),
                    known[c],
                    up.gained.shown,
                    up.lost.shown,
                    down.gained.shown,
                    down.lost.shown,
                    {}};
    const bool whole = !up.gained.hidden() && !up.lost.hidden() && !down.gained.hidden() && !down.lost.hidden() && !numerator.hidden() && !denominator.hidden();
    numerator = whole ? disclosure::Count{*numerator.shown + *up.gained.shown - *up.lost.shown} : disclosure::Count{};
    denominator = whole ? disclosure::Count{*denominator.shown + *down.gained.shown - *down.lost.shown} : disclosure::Count{};
    const Number next = value_of(numerator, denominator, measure.per);
    if (at && next) part.points = std::round((*next - *at) * 100) / 100;
    at = next;
    answer.parts.push_back(std::move(part));
  }
  answer.sentences = thread::sentences(above);
}

}  // namespace

MemberSide member_side(const std::shared_ptr<const records::Snapshot>& snapshot, const system::System& system) {
  MemberSide side{snapshot, {}, indicators::read_person_groups(*snapshot, system)};
  db::Connection connection = snapshot->population();
  db::Rows rows = connection.query(sql::person_order);
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) side.persons.push_back(PersonId{chunk.integer(0, r)});
  return side;
}

const MemberSide& SnapshotSource::own_side() const {
  const std::lock_guard lock(side_mutex_);
  if (!side_) side_ = std::make_unique<const MemberSide>(member_side(snapshot_, definitions_->system));
  return *side_;
}

std::vector<ChangeFrom> SnapshotSource::changes_from(const PublishedMeasure& measure) const {
  std::vector<ChangeFrom> all;
  for (const auto& earlier : earlier_snapshots(*snapshot_, measure.id))
    all.push_back(
        {"snapshot-" + earlier.manifest.id, snapshot_words(earlier.manifest, earlier.measure.last_month), earlier.manifest.id, earlier.measure.last_month});
  for (Date month = measure.last_month.plus_months(-1); month >= measure.first_month; month = month.plus_months(-1))
    all.push_back({to_string(month).substr(0, 7), month_words(month), std::nullopt, month});
  return all;
}

std::optional<MeasureChange> SnapshotSource::change(const std::string& id, const Text& place, const Text& from, const Filter& filter) const {
  const auto* measure = shelf_->find(id);
  if (measure == nullptr || !known_place(place) || !filter.sees_counts()) return std::nullopt;
  MeasureChange answer;
  answer.measure = id;
  answer.unit = unit_of(*measure);
  answer.place = place;
  answer.month = measure->last_month;
  answer.from = changes_from(*measure);
  if (answer.from.empty()) {
    answer.sentence = "There is nothing to compare with: one month of one snapshot is kept.";
    answer.note = "Build with more months (catchment build --measure-months 13), or again when new extracts have come.";
    return answer;
  }
  const std::string year_before = to_string(measure->last_month.plus_months(-12)).substr(0, 7);
  const bool has_year = std::any_of(answer.from.begin(), answer.from.end(), [&](const auto& each) { return each.id == year_before; });
  const std::string wanted = from.value_or(answer.from.front().snapshot ? answer.from.front().id : has_year ? year_before : answer.from.back().id);
  const auto chosen = std::find_if(answer.from.begin(), answer.from.end(), [&](const auto& each) { return each.id == wanted; });
  if (chosen == answer.from.end()) return std::nullopt;
  answer.chosen = chosen->id;

  const auto& library = *definitions_->known().library;
  const auto root = snapshot_->files().folder.parent_path().parent_path();
  const measures::MembersStore store(root / "measures");
  const std::string& hash = snapshot_->manifest().content_hash;
  const auto version_in = [&](Date month) {
    const auto* found = measures::find_measure(library, id, last_of(month));
    return found == nullptr ? measure->version : found->version;  // no longer in the definitions: as it was kept
  };
  const auto kept = [&](const std::string& version, Date month) { return store.read({hash, id, version, first_of(month)}); };
  const Date first = chosen->month, last = measure->last_month;
  const std::string new_version = version_in(last);
  const auto now = kept(new_version, last);

  // The earlier figure: its members as they were kept then, and under which version.
  const bool other_snapshot = chosen->snapshot.has_value();
  std::optional<MemberSide> earlier_side;
  std::string old_version = version_in(first);
  std::optional<measures::MonthMembers> before_members;
  std::vector<thread::Relink> relinks;
  if (other_snapshot) {
    for (auto& earlier : earlier_snapshots(*snapshot_, id)) {
      if (earlier.manifest.id != *chosen->snapshot) continue;
      old_version = earlier.measure.version;
      before_members = store.read({earlier.manifest.content_hash, id, old_version, first_of(first)});
      if (before_members) earlier_side = member_side(records::Snapshot::open_folder(earlier.folder), definitions_->system);
      relinks = relinked_since(root / "authored.sqlite", earlier.manifest.built_at);
    }
  } else {
    before_members = kept(old_version, first);
  }
  const auto then_old = kept(old_version, first);
  const auto then_new = new_version == old_version ? kept(old_version, first) : kept(new_version, first);
  const std::string until = month_words(last);
  if (!now || !before_members || (!then_old && !then_new)) {
    answer.sentence = fmt::format("Who was counted in {} and {} is not kept for this snapshot as the rules now are.", chosen->title, until);
    answer.note = "Run: catchment build --workspace WORKSPACE --stage measures";
    return answer;
  }

  const MemberSide& side = own_side();
  const std::string where = place.value_or("");
  const auto here = in_figure(side, where);
  const auto stood = standing(side, last_of(first), last_of(last));
  const std::size_t persons = side.persons.size();
  // Where the earlier month is kept under one rule only, the rule's change cannot be told from the rest.
  const bool definition_known = then_old && then_new;
  const auto old_counts = counts_of(then_old ? *then_old : *then_new, persons), new_counts = counts_of(then_new ? *then_new : *then_old, persons),
             now_counts = counts_of(*now, persons);
  std::vector<thread::Before> before;
  std::vector<thread::After> after;
  for (std::size_t at = 0; at < persons; ++at) {
    if (!here[at]) continue;
    const bool counted_then = old_counts[at].denominator > 0 || new_counts[at].denominator > 0, counted_now = now_counts[at].denominator > 0;
    if (counted_then || counted_now)
      after.push_back({side.persons[at], stood.then[at] || counted_then, stood.now[at] || counted_now, old_counts[at], new_counts[at], now_counts[at]});
    if (!other_snapshot && old_counts[at].denominator > 0) before.push_back({side.persons[at], old_counts[at]});
  }
  if (earlier_side) {
    const auto counts = counts_of(*before_members, earlier_side->persons.size());
    const auto there = in_figure(*earlier_side, where);
    for (std::size_t at = 0; at < counts.size(); ++at)
      if (there[at] && counts[at].denominator > 0) before.push_back({earlier_side->persons[at], counts[at]});
  }
  const auto change = thread::explain(before, after, relinks);
  answer.available = true;
  answer.before.title = other_snapshot ? chosen->title : month_words(first);
  answer.after.title = until;
  show(answer, *measure, change, definitions_->policy(snapshot_->manifest().as_of), {other_snapshot, other_snapshot, true, definition_known, true},
       definition_known);
  answer.sentence = answer.before.value && answer.after.value
      ? fmt::format("{}: {} in {}, {} in {}", place_name(place), value_words(*measure, *answer.before.value), answer.before.title,
                    value_words(*measure, *answer.after.value), until)
      : fmt::format("{}: too few people to show one of the figures", place_name(place));
  answer.sentence += ". " + std::string(answer.sentences.empty() ? "Nobody's standing changed." : "");
  for (const auto& sentence : answer.sentences) answer.sentence += sentence + (&sentence == &answer.sentences.back() ? "" : " ");
  answer.note =
      "People registered here, each counted once in the parts; people are in the place their practice has "
      "today, so that a move between places of the area is not told apart. The parts sum to the difference before counts are rounded; as shown they may miss "
      "it by a little.";
  if (!other_snapshot) answer.note += " Both months are of one snapshot: late data and relinked people show only between two snapshots.";
  if (!definition_known)
    answer.note += fmt::format(
        " The rule changed between the two (version {} to {}), and the earlier month is kept under one of "
        "them only.",
        old_version, new_version);
  return answer;
}

}  // namespace catchment::api
