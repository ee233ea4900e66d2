// Why somebody counts in a measure: the made-up people of its worked cases, for everybody; one resident, for who has
// the record open. Of residents nothing is read but what the record's own filter lets through.
#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "api/evidence_words.h"
#include "api/figures.h"
#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using measures::LibraryMeasure;
using measures::Standing;

std::string expected_words(const measures::Expected& expected) {
  std::string text = fmt::format("{} in the denominator, {} in the numerator", expected.denominator, expected.numerator);
  if (expected.excluded > 0) text += fmt::format(", {} excluded", expected.excluded);
  return text;
}

/// In the numerator where that is good, or out of it where it is not: 0 amiss, 1 as it should be, 2 neither, 3 excluded.
int order_of(const ResidentMeasure& measure) {
  if (measure.standing == "excluded") return 3;
  if (measure.good_direction != "higher" && measure.good_direction != "lower") return 2;
  return (measure.standing == "met") == (measure.good_direction == "higher") ? 1 : 0;
}

ResidentMeasure resident_measure(const LibraryMeasure& measure, const Standing& standing) {
  ResidentMeasure one{measure.words.id, measure.words.title, standing_word(standing), standing_sentence(standing, measure), measure.words.good_direction, {}};
  if (!measure.words.programme.empty()) one.programme = measure.words.programme;
  return one;
}

/// The months whose figures a page's trend shows: the snapshot's and the twelve before it, the latest first.
std::vector<Date> months_to(Date as_of) {
  std::vector<Date> months{as_of};
  const Date first = Date::from_ymd(as_of.year(), as_of.month(), 1);
  for (int back = 0; back < 12; ++back) months.push_back(first.plus_months(-back).plus_days(-1));
  return months;
}

/// The one of them that is called so (2026-03), the latest where nothing is asked.
std::optional<Date> month_called(const std::vector<Date>& months, const std::optional<std::string>& asked) {
  if (!asked) return months.front();
  for (const Date month : months)
    if (to_string(month).substr(0, 7) == *asked) return month;
  return std::nullopt;
}

/// Whoever is registered is in the denominator of every register; who is on none of it is no news.
bool worth_telling(const LibraryMeasure& measure, const Standing& standing) {
  if (measure.kind == measures::MeasureKind::proportion) return standing.denominator || standing.excluded;
  return standing.numerator > 0;
}

}  // namespace

const measures::LibraryProgram& DefinitionSet::program() const {
  const auto& names = known();
  std::call_once(program_once_, [&] {
    program_ = std::make_unique<const measures::LibraryProgram>(*names.library, codelists);
    system::Definitions definitions(folder);
    cases_ = measures::load_cases(definitions);
  });
  return *program_;
}

const std::vector<measures::MeasureCase>& DefinitionSet::cases() const {
  program();
  return cases_;
}

std::optional<MeasureCases> SnapshotSource::measure_cases(const std::string& measure, const Filter&) const {
  const auto& program = definitions_->program();
  MeasureCases told;
  told.measure = measure;
  if (!program.place_of(measure, snapshot_->manifest().as_of)) {
    if (shelf_->find(measure) == nullptr) return std::nullopt;
    told.sentence = "No worked case is kept for this measure.";
    return told;
  }
  std::size_t people = 0;
  for (const auto& one : measures::cases_behind(program, definitions_->cases(), measure)) {
    WorkedCase worked{one.of->title, expected_words(*one.expected), one.of->at, one.as_expected, {}};
    const LibraryMeasure& rule = program.measure(*program.place_of(measure, one.of->at, one.of->year));
    for (const auto& person : one.people) {
      MadeUpPerson made{who_words(person.rows), standing_word(person.behind.standing), standing_sentence(person.behind.standing, rule), {}, {}};
      for (const auto* row : person.rows)
        if (row->table != "person") made.record.push_back(row_words(*row, definitions_->codelists));
      made.parts = part_words(person.behind, rule, [&](const measures::RowAddress& address) -> std::optional<EvidenceRow> {
        for (const auto* row : person.rows)
          if (row->table == address.table && row->line == address.line) return row_words(*row, definitions_->codelists);
        return std::nullopt;
      });
      worked.people.push_back(std::move(made));
      ++people;
    }
    told.cases.push_back(std::move(worked));
  }
  told.sentence = told.cases.empty()
      ? "No worked case is kept for this measure."
      : fmt::format("{} with {}, nobody real.", number_of(static_cast<std::int64_t>(told.cases.size()), "worked case", "worked cases"),
                    number_of(static_cast<std::int64_t>(people), "made-up person", "made-up people"));
  if (!told.sentence.empty() && told.sentence[0] >= 'a') told.sentence[0] = static_cast<char>(told.sentence[0] - 'a' + 'A');
  return told;
}

std::optional<ResidentMeasures> SnapshotSource::resident_measures(PersonId person, const std::optional<std::string>& asked, const Filter& filter) const {
  const auto data = resident_data(person, filter);
  const auto months = months_to(snapshot_->manifest().as_of);
  const auto chosen = month_called(months, asked);
  if (!data || !chosen) return std::nullopt;
  const auto& program = definitions_->program();
  const Date month = *chosen;
  const auto places = program.holding(month);
  const auto standings = program.standings(*data, month, places);
  ResidentMeasures told;
  told.month = month, told.months = months;
  std::int64_t amiss = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LibraryMeasure& measure = program.measure(places[i]);
    if (!standings[i] || !worth_telling(measure, *standings[i])) {
      ++told.others;
      continue;
    }
    told.measures.push_back(resident_measure(measure, *standings[i]));
    amiss += order_of(told.measures.back()) == 0 ? 1 : 0;
  }
  std::stable_sort(told.measures.begin(), told.measures.end(),
                   [](const auto& a, const auto& b) { return std::tuple(order_of(a), a.name) < std::tuple(order_of(b), b.name); });
  told.sentence = told.measures.empty() ? fmt::format("No measure speaks of this resident in {}.", month_words(month))
                                        : fmt::format("{} of {} measures speak of this resident in {}; on {} of them something is not as it should be.",
                                                      told.measures.size(), places.size(), month_words(month), amiss);
  told.note =
      "Worked out from the rows that may be seen here. Rows that a partner does not share for direct care, and kinds of entries that a role may not see, are "
      "left out, so that an answer may differ from what the figures count.";
  if (month != months.front()) told.note += " Of an earlier month too, the rows are those known today, read by the rule of that month.";
  return told;
}

std::optional<ResidentEvidence> SnapshotSource::resident_evidence(PersonId person, const std::string& measure, const std::optional<std::string>& asked,
                                                                  const Filter& filter) const {
  const auto block = snapshot_->person_block(person, filter);
  const auto data = resident_data(person, filter);
  const auto chosen = month_called(months_to(snapshot_->manifest().as_of), asked);
  if (!block || !data || !chosen) return std::nullopt;
  const auto& program = definitions_->program();
  const Date month = *chosen;
  const auto place = program.place_of(measure, month);
  if (!place) return std::nullopt;
  const LibraryMeasure& rule = program.measure(*place);
  const auto behind = program.behind(*data, month, *place);
  const bool bare = block->summary.restricted && !filter.sees_restricted_addresses();
  ResidentEvidence told{month, resident_measure(rule, behind.standing), {}};
  told.parts = part_words(behind, rule, [&](const measures::RowAddress& address) -> std::optional<EvidenceRow> {
    const records::BlockTable* table = filter.hides_table(address.table) ? nullptr : block->find(address.table);
    std::optional<EvidenceRow> told_row;
    for (std::size_t row = 0; table != nullptr && row < table->rows(); ++row) {
      if (table->source(row) != address.source || table->line(row) != address.line) continue;
      auto words = row_words(*table, row, snapshot_->dictionaries(), bare);
      if (words.status == "entered in error") continue;  // as in the record
      if (!told_row) told_row = std::move(words);
      else if (told_row->title.find(words.title) == std::string::npos) told_row->title += "; " + words.title;  // of one line, as a stay's diagnoses
    }
    return told_row;
  });
  return told;
}

}  // namespace catchment::api
