#include "cli/link_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/csv.h"
#include "base/error.h"

namespace catchment::cli {
namespace {

using namespace linkage;

void write_table(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.flush();
  if (!out) throw Error(ErrorKind::environment, path + ": cannot be written", "check the folder exists and has room");
}

void write_quality(const std::string& folder, const LinkOutcome& o) {
  const Expected expected = expected_quality(o.links);
  std::string quality = fmt::format("measure,expected,against_truth\nprecision,{:.6f},", expected.precision);
  std::string recall = fmt::format("recall,{:.6f},", expected.recall), blocking;
  if (!o.truth.empty()) {
    const Accuracy accuracy = measure(o.truth, o.links.cluster, nullptr);
    const BlockingRecall met = blocking_recall(o.links, o.model, o.truth, o.threads);
    quality += fmt::format("{:.6f}", accuracy.precision()), recall += fmt::format("{:.6f}\nF1,,{:.6f}", accuracy.recall(), accuracy.f1());
    blocking = fmt::format("blocking_recall,,{:.6f}\ntrue_pairs,,{}\ntrue_pairs_dropped_by_caps,,{}\n", met.recall(), met.true_pairs, met.dropped_by_cap);
  }
  write_table(folder + "/quality.csv", quality + "\n" + recall + "\n" + blocking);
  std::string bands = "probability_from,probability_to,pairs,mean_probability,pairs_with_truth,share_of_one_person\n";
  for (const CalibrationBand& b : calibration(o.links, o.truth))
    bands += fmt::format("{},{},{},{:.6f},{},{}\n", b.from, b.to, b.pairs, b.mean_probability, b.with_truth,
                         b.with_truth == 0 ? "" : fmt::format("{:.6f}", static_cast<double>(b.right) / static_cast<double>(b.with_truth)));
  write_table(folder + "/calibration.csv", bands);
}

// Linkage error is itself an inequality: what was missed, by the values of a column, most missed first.
void write_missed(const std::string& folder, const LinkOutcome& o, const std::vector<std::string>& by) {
  std::string text = "column,value,rows,true_pairs,missed_pairs,missed_rate,wrong_pairs\n";
  for (const std::string& name : by) {
    const Tables::Column& column = *o.tables.column(name);
    std::vector<std::uint32_t> group(o.links.rows.rows());
    for (std::size_t place = 0; place < group.size(); ++place) group[place] = column.cells[o.links.rows.input_row[place]];
    std::vector<std::string> names;
    for (TextId id = 0; id < column.texts.size(); ++id) names.emplace_back(id == 0 ? "not given" : column.texts.text(id));
    std::vector<GroupQuality> groups = quality_by_group(o.links.cluster, o.truth, group, names);
    std::stable_sort(groups.begin(), groups.end(), [](const GroupQuality& a, const GroupQuality& b) { return a.missed > b.missed; });
    for (const GroupQuality& g : groups)
      if (g.rows != 0)
        text += csv_cell(name) + "," + csv_cell(g.group) + fmt::format(",{},{},{},{:.6f},{}\n", g.rows, g.true_pairs, g.missed, g.missed_rate(), g.wrong);
  }
  write_table(folder + "/missed.csv", text);
}

std::uint32_t place_of(const LinkOutcome& o, const std::string& name) {
  const std::size_t colon = name.find(':');
  const std::string_view source = colon == std::string::npos ? std::string_view() : std::string_view(name).substr(0, colon);
  const std::string_view key = std::string_view(name).substr(colon == std::string::npos ? 0 : colon + 1);
  for (std::uint32_t place = 0; place < o.links.rows.rows(); ++place) {
    const std::uint32_t row = o.links.rows.input_row[place];
    if (o.tables.row_key(row) == key && (source.empty() || o.tables.source_names()[o.tables.source(row)] == source)) return place;
  }
  throw Error(ErrorKind::user, "--explain: no such row", "write source:row, as both stand in the file of clusters");
}

std::string row_name(const LinkOutcome& o, std::uint32_t place) {
  const std::uint32_t row = o.links.rows.input_row[place];
  return o.tables.source_names()[o.tables.source(row)] + ":" + std::string(o.tables.row_key(row));
}

void print_pair(const LinkOutcome& o, const Explainer& explainer, std::uint32_t a, std::uint32_t b) {
  const PairStory story = explainer.pair(a, b);
  fmt::print("{} and {}: {:.2f} bits, probability {:.6f}, {}\n", row_name(o, a), row_name(o, b), story.log2_odds, story.probability,
             story.same_cluster ? "one cluster" : "apart");
  for (const WeightPart& part : story.parts) {
    const auto length = static_cast<std::size_t>(std::min(40.0, std::abs(part.bits)));
    fmt::print("  {:<16} {:+8.2f}  {:<42} {}\n", part.field, part.bits, part.level, std::string(length, part.bits < 0 ? '-' : '+'));
  }
  std::string rules;
  for (const std::string& rule : story.met_by) rules += (rules.empty() ? "" : "; ") + rule;
  fmt::print("  brought together by {}\n", rules.empty() ? "no blocking rule: never compared" : rules);
}

}  // namespace

void write_link_report(const std::string& folder, const LinkOutcome& o, const std::vector<std::string>& by) {
  std::filesystem::create_directories(folder);
  std::string levels = "field,level,m,u,bits\n";
  for (const Comparison& c : o.model.comparisons)
    for (const Level& l : c.levels) levels += csv_cell(c.field) + "," + fmt::format("{},{:.6f},{:.8f},{:.2f}\n", to_string(l), l.m, l.u, std::log2(l.m / l.u));
  write_table(folder + "/levels.csv", levels);
  std::string blocking = "rule,blocks,pairs,largest_block,parted_rows,dropped_rows,dropped_pairs\n";
  for (const RuleReport& r : o.links.blocking)
    blocking += csv_cell(r.rule) + fmt::format(",{},{},{},{},{},{}\n", r.blocks, r.pairs, r.largest, r.parted_rows, r.dropped_rows, r.dropped_pairs);
  write_table(folder + "/blocking.csv", blocking);
  const Model& m = o.model;
  const TrainingReport& t = o.links.training;
  write_table(folder + "/training.csv",
              fmt::format("measure,value\nlog2_prior,{:.4f}\nmoved,{:.3g}\nhousehold,{:.3g}\nsame_name,{:.3g}\niterations,{}\nconverged,{}\nrandom_pairs,{}"
                          "\ncandidate_pairs,{}\npatterns,{}\n",
                          m.log2_prior, m.moved, m.household, m.same_name, t.iterations, t.converged ? 1 : 0, t.random_pairs, t.candidate_pairs, t.patterns));
  write_quality(folder, o);
  if (!by.empty()) write_missed(folder, o, by);
  fmt::print("report {}: levels, blocking, training, quality, calibration{} (.csv)\n", folder, by.empty() ? "" : ", missed");
}

void print_explanation(const LinkOutcome& o, const std::vector<std::string>& rows) {
  const Explainer explainer(o.links, o.model);
  const std::uint32_t a = place_of(o, rows[0]);
  if (rows.size() == 2) return print_pair(o, explainer, a, place_of(o, rows[1]));
  const std::vector<std::uint32_t> members = explainer.cluster_of(a);
  fmt::print("{} is in cluster {} with {} rows:", rows[0], o.links.cluster[a], members.size());
  for (const std::uint32_t place : members) fmt::print(" {}", row_name(o, place));
  fmt::print("\n");
  for (const ClusterEdge& edge : explainer.edges_of(a)) {
    fmt::print("{}: ", edge.refused ? "refused, not borne out by the rest of both groups" : "joined");
    print_pair(o, explainer, edge.a, edge.b);
  }
}

}  // namespace catchment::cli
