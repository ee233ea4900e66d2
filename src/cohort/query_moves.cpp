#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "cohort/query_people.h"

namespace catchment::cohort {

namespace {

constexpr std::size_t most_of_a_kind = 3;
constexpr int recent = 6 * 366, farthest = 40'000;  // days

bool has_column(const RowKind& kind, std::string_view column) {
  const auto columns = records::tables[kind.shape->table_index].columns;
  return std::any_of(columns.begin(), columns.end(), [&](const records::Column& each) { return each.name == column; });
}

std::string date_column(const RowKind& kind) {
  return std::string(records::tables[kind.shape->table_index].columns[static_cast<std::size_t>(kind.shape->date_column)].name);
}

/// Statuses beside the usual one that a rule may ask about.
std::vector<std::string> other_statuses(const RowKind& kind) {
  const auto columns = records::tables[kind.shape->table_index].columns;
  const auto found = std::find_if(columns.begin(), columns.end(), [](const records::Column& each) { return each.name == "status"; });
  if (found == columns.end()) return {};
  std::vector<std::string> words;
  for (const std::string_view word : records::words_of(*found)) words.emplace_back(word);
  return words;
}

class Moving {
 public:
  Moving(const Draft& from, const std::vector<RowKind>& kinds, const Worth& worth, Date last)
      : from_(from), kinds_(kinds), worth_(worth), last_(last), days_(worth.days) {
    for (const auto& [months, days] : worth.since_birth) days_.insert(from.birth.plus_months(months).plus_days(days));
  }

  std::vector<Move> all() {
    for (const int age : worth_.ages)
      for (const int days : {0, 1}) {
        const Date birth = last_.plus_months(-12 * age).plus_days(days);
        if (birth <= last_) change([&](Draft& to) { to.birth = birth; }, "birth on " + to_long_string(birth), std::abs(birth.days - from_.birth.days));
      }
    for (const char* sex : {"female", "male"})
      if (from_.sex != sex) change([&](Draft& to) { to.sex = sex; }, std::string("the other sex: ") + sex, 1);
    registration();
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind) add(kind);
    for (std::size_t row = 0; row < from_.rows.size(); ++row) alter(row);
    return std::move(moves_);
  }

 private:
  template <typename Change>
  void change(Change make, std::string words, int size) {
    Move move{from_, std::move(words), size};
    make(move.to);
    moves_.push_back(std::move(move));
  }

  void registration() {
    if (from_.registered && !from_.left) {
      change([&](Draft& to) { to.left = last_; }, "the registration ended on " + to_long_string(last_), 1);
      change([](Draft& to) { to.registered.reset(); }, "no registration", 2);
      for (const Date day : days_)
        if (day <= last_) change([&](Draft& to) { to.registered = day; }, "the registration from " + to_long_string(day), 3);
    }
    if (!from_.death) change([&](Draft& to) { to.death = last_; }, "death on " + to_long_string(last_), 2);
  }

  void add(std::size_t kind) {
    const auto there = static_cast<std::size_t>(std::count_if(from_.rows.begin(), from_.rows.end(), [&](const DraftRow& row) { return row.kind == kind; }));
    if (there >= most_of_a_kind) return;
    // Of the days that will do, the earliest is an edge; very old ones are no edge of anything.
    for (const Date day : days_) {
      if (day > last_.plus_days(1)) continue;
      const int ago = last_.days - day.days;
      change([&](Draft& to) { to.rows.push_back({kind, day, {}, {}, {}}); }, fmt::format("{} on {}", kinds_[kind].words, to_long_string(day)),
             ago <= recent ? recent - ago : farthest + ago);
    }
    if (kinds_[kind].shape->table != "observation") return;
    for (const std::string& number : worth_.numbers)
      change([&](Draft& to) { to.rows.push_back({kind, last_, {}, number, {}}); }, fmt::format("{} at {}", kinds_[kind].words, number), farthest);
  }

  void alter(std::size_t at) {
    const DraftRow& row = from_.rows[at];
    const RowKind& kind = kinds_[row.kind];
    change([&](Draft& to) { to.rows.erase(to.rows.begin() + static_cast<std::ptrdiff_t>(at)); }, "no " + kind.words, farthest);
    for (const Date day : days_)
      if (day != row.on)
        change([&](Draft& to) { to.rows[at].on = day; }, fmt::format("{} on {}", kind.words, to_long_string(day)), std::abs(day.days - row.on.days));
    if (kind.shape->table == "observation")
      for (const std::string& number : worth_.numbers)
        if (number != row.value)
          change([&](Draft& to) { to.rows[at].value = number; }, fmt::format("{} at {}", kind.words, number), 1 + distance(number, row.value));
    for (const std::string& status : other_statuses(kind))
      if (status != row.status) change([&](Draft& to) { to.rows[at].status = status; }, fmt::format("{}, {}", kind.words, status), 300);
    if (has_column(kind, "end_date"))
      for (const int stay : worth_.stays)
        change([&](Draft& to) { to.rows[at].end = row.on.plus_days(stay); }, fmt::format("{} ended after {} days", kind.words, stay), 30);
    if (has_column(kind, "abatement_date"))
      for (const Date day : days_)
        if (day >= row.on && day <= last_)
          change([&](Draft& to) { to.rows[at].end = day; }, fmt::format("{} over on {}", kind.words, to_long_string(day)), 200);
  }

  static int distance(const std::string& a, const std::string& b) {
    if (b.empty()) return 100;
    return static_cast<int>(std::min(1000.0, std::abs(std::strtod(a.c_str(), nullptr) - std::strtod(b.c_str(), nullptr))));
  }

  const Draft& from_;
  const std::vector<RowKind>& kinds_;
  const Worth& worth_;
  Date last_;
  std::set<Date> days_;
  std::vector<Move> moves_;
};

}  // namespace

std::vector<Move> moves(const Draft& from, const std::vector<RowKind>& kinds, const Worth& worth, Date last) { return Moving(from, kinds, worth, last).all(); }

std::vector<DummyPerson::Row> rows_of(const Draft& draft, const std::vector<RowKind>& kinds) {
  std::vector<DummyPerson::Row> rows;
  rows.push_back({"person", {{"birth_date", to_string(draft.birth)}, {"sex", draft.sex}}});
  if (draft.death) rows.back().cells.push_back({"death_date", to_string(*draft.death)});
  if (draft.registered) {
    rows.push_back({"registration", {{"start_date", to_string(*draft.registered)}}});
    if (draft.left) rows.back().cells.push_back({"end_date", to_string(*draft.left)});
  }
  for (const DraftRow& row : draft.rows) {
    const RowKind& kind = kinds[row.kind];
    DummyPerson::Row made{std::string(kind.shape->table), kind.cells};
    if (kind.shape->date_column != measures::no_column) made.cells.push_back({date_column(kind), to_string(row.on)});
    if (row.end) made.cells.push_back({has_column(kind, "end_date") ? "end_date" : "abatement_date", to_string(*row.end)});
    if (!row.value.empty()) made.cells.push_back({"value", row.value});
    if (!row.status.empty()) {
      const auto usual = std::find_if(made.cells.begin(), made.cells.end(), [](const measures::CellText& cell) { return cell.column == "status"; });
      if (usual != made.cells.end()) usual->value = row.status;
      else made.cells.push_back({"status", row.status});
    }
    rows.push_back(std::move(made));
  }
  return rows;
}

}  // namespace catchment::cohort
