#include "cohort/answers.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/hash.h"
#include "cohort/sql.h"

namespace catchment::cohort {

namespace {

/// A remembered set, without who is in it.
struct Kept {
  std::int64_t id = 0, people = 0;
};

/// People by which of some sets they are in, as one bit a set.
using Parts = std::map<unsigned, std::int64_t>;

disclosure::Atoms atoms_in(const std::vector<unsigned>& parts, unsigned set) {
  disclosure::Atoms atoms;
  for (std::size_t a = 0; a < parts.size(); ++a)
    if ((parts[a] >> set & 1U) != 0) atoms.push_back(static_cast<std::uint32_t>(a));
  return atoms;
}

/// Set 0 is asked for beside the others. A part in which nobody is has no atom: whoever asked knows that nobody can be in it.
bool safe_beside(const disclosure::Policy& policy, const Parts& people, unsigned others) {
  std::vector<unsigned> parts;
  std::vector<std::int64_t> counts;
  for (const auto& [part, count] : people) parts.push_back(part), counts.push_back(count);
  std::vector<disclosure::Answered> earlier;
  for (unsigned other = 1; other <= others; ++other) earlier.push_back({std::to_string(other), atoms_in(parts, other), true});
  return disclosure::may_answer(policy, counts, earlier, atoms_in(parts, 0)).show;
}

std::string bytes_of(const std::vector<std::uint32_t>& who) {
  measures::PersonSet set;
  set.add(who);
  return set.bytes();
}

/// Sets read once.
class Remembered {
 public:
  explicit Remembered(db::Sqlite& database) : database_(database) {}
  const measures::PersonSet& set(std::int64_t id) {
    const auto found = sets_.find(id);
    if (found != sets_.end()) return found->second;
    db::Statement row = database_.prepare(sql::answer_people);
    auto set = row.bind(id).step() ? measures::PersonSet::from_bytes(row.blob(0)) : std::nullopt;
    if (!set)
      throw Error(ErrorKind::environment, "the answers about cohorts are damaged",
                  "remove answers.sqlite of the snapshot when nobody has a count of today's any more");
    return sets_.emplace(id, std::move(*set)).first->second;
  }

 private:
  db::Sqlite& database_;
  std::map<std::int64_t, measures::PersonSet> sets_;
};

std::vector<Kept> all_of(db::Statement rows) {
  std::vector<Kept> kept;
  while (rows.step()) kept.push_back({rows.integer(0), rows.integer(1)});
  return kept;
}

}  // namespace

std::filesystem::path answers_file(const std::filesystem::path& workspace, const std::string& content_hash) {
  return workspace / "measures" / content_hash.substr(0, 16) / "answers.sqlite";
}

AnswerStore::AnswerStore(const std::filesystem::path& file, std::int64_t most)
    : database_((std::filesystem::create_directories(file.parent_path()), file), db::SqliteMode::create), most_(most) {
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  database_.execute(sql::answer_create);
}

std::vector<bool> AnswerStore::ask(const disclosure::Policy& policy, const std::vector<AskedSet>& sets) {
  db::Transaction transaction(database_);
  db::Statement newest = database_.prepare(sql::answer_newest);
  const std::int64_t before = newest.step() ? newest.integer(0) : 0;
  std::vector<bool> may;
  may.reserve(sets.size());
  for (const AskedSet& asked : sets) may.push_back(may_show(policy, asked, before));
  database_.prepare(sql::answer_forget).bind(most_).bind(most_answer_bytes).run();
  transaction.commit();
  return may;
}

bool AnswerStore::may_show(const disclosure::Policy& policy, const AskedSet& asked, std::int64_t before) {
  const auto people = static_cast<std::int64_t>(asked.who.size());
  if (!policy.secondary || people == 0 || disclosure::small(people, policy.rules)) return true;
  const std::string bytes = bytes_of(asked.who), hash = to_hex(sha256(bytes));
  db::Statement known = database_.prepare(sql::answer_known);
  if (known.bind(hash).bind(asked.month.days).step()) return true;

  disclosure::Policy exact = policy;
  exact.reader_knows = disclosure::ReaderKnows::exact;
  const std::int64_t few = policy.rules.hidden_up_to;
  Remembered remembered(database_);
  // What two counts differ by tells of few people only when it is little itself; of three, at most twice as much.
  db::Statement near = database_.prepare(sql::answer_near);
  near.bind(before).bind(people - few - policy.rules.rounded_to).bind(people + few + policy.rules.rounded_to);
  while (near.step()) {
    const measures::PersonSet& other = remembered.set(near.integer(0));
    const bool same_month = near.integer(2) == asked.month.days;
    std::int64_t both = 0;
    for (const std::uint32_t person : asked.who) both += other.contains(person) ? 1 : 0;
    Parts parts{{1U, people - both}, {2U, near.integer(1) - both}, {3U, both}};
    if (same_month) std::erase_if(parts, [](const auto& part) { return part.second == 0; });
    if (!safe_beside(same_month ? exact : policy, parts, 1)) return false;
  }
  if (asked.group.empty()) {
    const std::vector<Kept> whole = all_of(std::move(database_.prepare(sql::answer_whole).bind(before).bind(asked.month.days)));
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (std::size_t j = i + 1; j < whole.size(); ++j) {
        const std::int64_t a = whole[i].people, b = whole[j].people;
        const auto little = [&](std::int64_t difference) { return -2 * few <= difference && difference <= 2 * few; };
        if (!little(people - a - b) && !little(people - a + b) && !little(people + a - b)) continue;
        const measures::PersonSet &first = remembered.set(whole[i].id), &second = remembered.set(whole[j].id);
        const auto in_both = static_cast<std::int64_t>(first.count_with(second));
        Parts parts{{2U, a - in_both}, {4U, b - in_both}, {6U, in_both}};
        for (const std::uint32_t person : asked.who) {
          const unsigned others = (first.contains(person) ? 2U : 0U) + (second.contains(person) ? 4U : 0U);
          ++parts[others + 1];
          if (others != 0) --parts[others];
        }
        std::erase_if(parts, [](const auto& part) { return part.second == 0; });
        if (!safe_beside(exact, parts, 2)) return false;
      }
    }
  }
  database_.prepare(sql::answer_keep).bind(hash).bind(asked.month.days).bind(asked.group).bind(people).bind_blob(bytes).run();
  return true;
}

}  // namespace catchment::cohort
