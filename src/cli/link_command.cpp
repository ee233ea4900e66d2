#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "base/csv.h"
#include "base/error.h"
#include "cli/link_report.h"
#include "cli/run.h"
#include "linkage/linkage.h"

namespace catchment::cli {
namespace {

namespace fs = std::filesystem;
using namespace linkage;

struct Options {
  std::string model = "auto";
  std::vector<std::string> inputs;
  std::string out = "clusters.csv";
  std::string truth;
  std::string pairs;
  std::string report;
  std::vector<std::string> by;
  std::vector<std::string> explain;
  bool link_only = false;
  bool retrain = false;
  unsigned threads = 0;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorKind::user, path + ": cannot be read", "check the path and its permission");
  in.seekg(0, std::ios::end);
  std::string bytes(static_cast<std::size_t>(std::max<std::streamoff>(0, in.tellg())), '\0');
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

// The file's stem, or the whole path where two files share one.
std::string source_name(const std::string& path, const std::vector<std::string>& all) {
  const std::string stem = fs::path(path).stem().string();
  const auto same = std::count_if(all.begin(), all.end(), [&](const std::string& other) { return fs::path(other).stem().string() == stem; });
  return same > 1 ? path : stem;
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.flush();
  if (!out) throw Error(ErrorKind::environment, path + ": cannot be written", "check the folder exists and has room");
}

void write_cluster_file(const std::string& path, const Tables& tables, const std::vector<std::uint32_t>& cluster, unsigned threads) {
  std::ofstream out(path, std::ios::binary);
  write_clusters(tables, cluster, threads, [&out](std::string_view lines) { out.write(lines.data(), static_cast<std::streamsize>(lines.size())); });
  out.flush();
  if (!out) throw Error(ErrorKind::environment, path + ": cannot be written", "check the folder exists and has room");
}

void write_pairs(const std::string& path, const Tables& tables, const RowLinks& links) {
  std::string text = "source_a,row_a,source_b,row_b,log2_odds,probability,same_cluster\n";
  for (const ScoredPair& pair : links.pairs) {
    for (const std::uint32_t place : {pair.a, pair.b}) {
      const std::uint32_t row = links.rows.input_row[place];
      text += csv_cell(tables.source_names()[tables.source(row)]) + "," + csv_cell(std::string(tables.row_key(row))) + ",";
    }
    const double odds = static_cast<double>(pair.weight);
    text += fmt::format("{:.3f},{:.6f},{}\n", odds, 1.0 / (1.0 + std::exp2(-odds)), links.cluster[pair.a] == links.cluster[pair.b] ? 1 : 0);
  }
  write_file(path, text);
}

std::string trained_path(const std::string& model) { return fs::path(model).replace_extension(".trained.toml").string(); }

// Every fault at once, then none of the work.
void stop_on(const Diagnostics& faults) {
  if (!has_errors(faults)) return;
  std::string all;
  for (const Diagnostic& d : faults) all += (all.empty() ? "" : "\n") + to_string(d);
  throw Error(ErrorKind::user, all);
}

Model model_from_file(const Options& options, const Tables& tables, std::vector<std::string>& notes) {
  Diagnostics faults;
  ModelDefinition definition = read_model(read_file(options.model), options.model, faults);
  Model& model = definition.model;
  std::vector<std::string> headers;
  for (const auto& column : tables.columns()) headers.push_back(column->name);
  for (std::size_t f = 0; f < model.fields.size(); ++f) {
    const Field& field = model.fields[f];
    const bool there = std::any_of(field.columns.begin(), field.columns.end(), [&](const std::string& name) { return tables.column(name) != nullptr; });
    if (there) continue;
    const std::string like = nearest(field.columns[0], headers);
    faults.push_back({options.model, definition.field_lines[f], 1, Severity::error, "no input has a column for field " + field.name,
                      like.empty() ? "list the header that holds it in columns" : "did you mean " + like + "?"});
  }
  for (const Field& field : model.fields)
    if (!options.truth.empty() && std::find(field.columns.begin(), field.columns.end(), options.truth) != field.columns.end())
      faults.push_back({options.model, 0, 0, Severity::error, "field " + field.name + " reads the truth column", "leave the truth out of the model"});
  stop_on(faults);
  if (!definition.nicknames.empty())
    model.nicknames = std::make_shared<const Nicknames>(Nicknames::read(read_file((fs::path(options.model).parent_path() / definition.nicknames).string())));
  const std::string trained = trained_path(options.model);
  if (!options.retrain && fs::exists(trained)) {
    const bool used = read_trained(read_file(trained), trained, model, faults);
    stop_on(faults);
    notes.push_back(used ? "as trained in " + trained : trained + " was trained for another definition: trained again");
  }
  return std::move(definition.model);
}

// The rows as the model parts them into sources, and no promise about a source that is not there.
RawRows rows_by_source(const Options& options, const Tables& tables, const Model& model, unsigned threads) {
  RawRows raw = tables.raw(threads);
  part_by_source(raw, model);
  Diagnostics faults;
  for (const std::string& source : model.unique_sources)
    if (std::find(raw.source_names.begin(), raw.source_names.end(), source) == raw.source_names.end())
      faults.push_back({options.model, 0, 0, Severity::error, "unique_sources names " + source + ", which is no input",
                        "a source is named by its file without the ending; file:value where a column of kind source parts the file"});
  stop_on(faults);
  return raw;
}

int run_link(const Options& options) {
  const auto started = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); };
  Tables tables;
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  for (const std::string& path : options.inputs) tables.add(source_name(path, options.inputs), path, FileBytes(path, threads).bytes(), threads);
  std::vector<std::string> left_out;
  if (!options.truth.empty()) {
    if (tables.column(options.truth) == nullptr)
      throw Error(ErrorKind::user, fmt::format("--truth {}: no input has a column of that name", options.truth), "give a header of the first line");
    left_out.push_back(options.truth);
  }
  for (const std::string& column : options.by)
    if (tables.column(column) == nullptr || options.truth.empty())
      throw Error(ErrorKind::user,
                  fmt::format("--by {}: {}", column, options.truth.empty() ? "what was missed needs --truth" : "no input has a column of that name"),
                  "give a header of the first line");
  std::vector<std::string> notes;
  const bool guessed = options.model == "auto";
  Model model = guessed ? guess_model(tables, left_out, notes) : model_from_file(options, tables, notes);
  const bool to_train = !model.trained;
  if (options.link_only) model.mode = LinkMode::link_only;
  SilentProgress silent;
  const RowLinks links = link_rows(rows_by_source(options, tables, model, threads), model, threads, silent);
  if (!guessed && to_train && model.trained) write_file(trained_path(options.model), write_trained(model));
  std::vector<std::uint32_t> cluster(tables.rows());
  for (std::size_t place = 0; place < links.rows.rows(); ++place) cluster[links.rows.input_row[place]] = links.cluster[place];
  write_cluster_file(options.out, tables, cluster, threads);
  if (!options.pairs.empty()) write_pairs(options.pairs, tables, links);
  for (const std::string& note : notes) fmt::print("{} {}\n", guessed ? "column" : "model", note);
  for (const std::string& note : links.notes) fmt::print("{}\n", note);
  fmt::print("rows {}  pairs compared {}  clusters {}  seconds {:.2f}\n", tables.rows(), links.compared, links.clusters, seconds());
  LinkOutcome outcome{tables, model, links, {}, threads};
  if (!options.truth.empty()) {
    const Tables::Column& column = *tables.column(options.truth);
    Dictionary persons;
    std::vector<std::uint32_t> truth(tables.rows());
    for (std::size_t row = 0; row < tables.rows(); ++row) truth[row] = persons.add(person_of_truth(column.texts.text(column.cells[row])));
    const Accuracy accuracy = measure(truth, cluster, nullptr);
    fmt::print("precision {:.5f}  recall {:.5f}  F1 {:.5f}\n", accuracy.precision(), accuracy.recall(), accuracy.f1());
    for (std::size_t place = 0; place < links.rows.rows(); ++place) outcome.truth.push_back(truth[links.rows.input_row[place]]);
  }
  if (!options.report.empty()) write_link_report(options.report, outcome, options.by);
  if (!options.explain.empty()) print_explanation(outcome, options.explain);
  return exit_done;
}

}  // namespace

void add_link_command(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("link", "Link person tables: which rows are one person");
  command->add_option("--model", options->model, "A model file (TOML), or auto: guess field kinds from header and values. Both train without labels")
      ->capture_default_str();
  command->add_option("inputs", options->inputs, "CSV files, one or several sources")->required();
  command->add_option("--out", options->out, "Clusters: source,row,cluster")->capture_default_str();
  command->add_option("--truth", options->truth, "Column that says who is who; read only after the answer is fixed");
  command->add_option("--pairs", options->pairs, "Write the pairs at or above the review threshold with their weights");
  command->add_option("--report", options->report, "Folder for levels, blocking, training, expected quality and calibration; with --truth how it is");
  command->add_option("--by", options->by, "Columns (place, ethnicity) by whose values the report says what was missed; needs --truth");
  command->add_option("--explain", options->explain, "One row (source:row): what holds its cluster together. Two rows: where the weight of the pair comes from")
      ->expected(1, 2);
  command->add_flag("--link-only", options->link_only, "Link between sources only, never within one");
  command->add_flag("--retrain", options->retrain, "Train again even where numbers trained for this model stand beside it");
  command->add_option("--threads", options->threads, "Threads; the answer is the same for any number");
  command->footer(
      "Examples:\n  catchment link --model auto people.csv --out clusters.csv --truth person\n  catchment link --model people.toml gp.csv hospital.csv --out "
      "clusters.csv\n  catchment link --model auto people.csv --explain people:17 people:42");
  command->callback([&run, options] { run = [options] { return run_link(*options); }; });
}

}  // namespace catchment::cli
