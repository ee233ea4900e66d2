// Figures of the measure library and head counts, kept beside the snapshots they were computed from, with what each measure says of itself.
// In: members kept by measures::MembersStore. Out: figures that may be shown, by measure. Always: what is stored passed
// `disclosure`; a measure's figures are replaced whole; a measure whose months, versions and rules are unchanged is left alone.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "db/db.h"
#include "indicators/head_counts.h"
#include "indicators/measure_figures.h"
#include "measures/measures.h"
#include "records/records.h"

namespace catchment::indicators {

struct PublishedMeasure {
  std::string id, year, title, purpose, denominator, numerator, exclusions, source, owner, limits, good_direction, priority, focus, programme;
  std::string kind;       // proportion | count | register
  double per = 100;
  std::optional<double> target;
  std::string version, codelists;  // codelists: "id version hash" each on a line
  Date first_month, last_month;
  bool events() const { return kind == "count"; }
};

/// Where the figures of a snapshot are kept.
std::filesystem::path figures_file(const std::filesystem::path& workspace, const std::string& content_hash);

struct PublishedCount {
  std::size_t measures = 0, unchanged = 0, months = 0;
  std::int64_t figures = 0, hidden = 0;
  std::int64_t hidden_for_others = 0;  // of the hidden: not by their own rule
  std::int64_t held_back = 0, withheld = 0;  // months of a basis: shown as before; not shown at all
};

/// Opens the file for writing, or makes it.
db::Sqlite open_figures(const std::filesystem::path& file);
/// Moves what was written into the file itself: readers see by its time that there is news.
void settle_figures(db::Sqlite& database);

/// What was published of every snapshot's figures, with exact counts: beside the folders of snapshots, which come and go.
std::filesystem::path publications_file(const std::filesystem::path& figures_file);

/// Figures of every measure that has kept members in the 60 months to the snapshot's day, safe beside the last publications
/// of the same measure and month. What is published is remembered before it can be read.
PublishedCount publish_measures(const records::Snapshot& snapshot, const system::System& system, const measures::MeasureLibrary& library,
                                const measures::MembersStore& store, const std::filesystem::path& file, Progress& progress);

class FigureStore {
 public:
  /// Opens for reading; nothing when there is no such file.
  static std::unique_ptr<FigureStore> open(const std::filesystem::path& file);
  std::vector<PublishedMeasure> measures();
  /// Ordered by basis, split, variant, month, place and the natural order of groups.
  std::vector<MeasureFigure> figures(const std::string& measure);
  /// Only those without a split, by deprivation, ethnicity and sex.
  std::vector<MeasureFigure> brief_figures(const std::string& measure);
  std::vector<HeadCount> head_counts();

 private:
  std::vector<MeasureFigure> read(std::string_view statement, const std::string& measure);
  explicit FigureStore(const std::filesystem::path& file) : database_(file, db::SqliteMode::read_only) {}
  std::mutex mutex_;
  db::Sqlite database_;
};

}  // namespace catchment::indicators
