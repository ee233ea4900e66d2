#include "bench/linkage_files.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "linkage/linkage.h"

namespace catchment::bench {
namespace {

namespace fs = std::filesystem;

// A folder of its own that goes with it.
class Folder {
 public:
  Folder() : path(fs::temp_directory_path() / ("catchment-linkage-bench-" + std::to_string(::getpid()))) { fs::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path path;
};

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

File open_file(const fs::path& path, const char* mode) {
  File file(std::fopen(path.c_str(), mode));
  if (!file) throw Error(ErrorKind::environment, path.string() + ": cannot be opened", "check the folder has room");
  return file;
}

struct Names {
  std::vector<std::string> all;
  Names(Random& random, std::size_t count, int syllables) {
    static constexpr std::array<std::string_view, 40> parts{"ba",  "ce", "den", "dra", "el", "fa", "fo",  "gar", "gwe", "ha", "hol", "is", "ja",  "jo",
                                                            "ka",  "ki", "kor", "lan", "li", "ma", "mor", "mi",  "na",  "ne", "o",   "pa", "pri", "ra",
                                                            "ros", "sa", "sha", "sta", "ta", "ti", "u",   "va",  "wel", "ya", "zo",  "zu"};
    for (std::size_t i = 0; i < count; ++i) {
      std::string name;
      for (int s = 0; s < syllables; ++s) name += parts[random.below(parts.size())];
      all.push_back(name + (i % 3 == 0 ? "n" : i % 3 == 1 ? "" : "s"));
    }
  }
  const std::string& pick(Random& random) const { return all[static_cast<std::size_t>(std::pow(static_cast<double>(all.size()), random.uniform())) - 1]; }
};

std::string mistyped(std::string text, Random& random, double rate) {
  if (text.size() < 4 || !random.chance(rate)) return text;
  const std::size_t at = 1 + random.below(text.size() - 2);
  switch (random.below(3)) {
    case 0: text[at] = static_cast<char>('a' + random.below(26)); break;
    case 1: text.erase(at, 1); break;
    default: std::swap(text[at], text[at - 1]);
  }
  return text;
}

// Households of one to four at one address; each person's records carry typing errors, gaps, moves and swapped dates.
void write_people(const fs::path& path, const fs::path& later, const FileRun& run) {
  Random random(77), later_random(78);
  const Names given(random, 3000, 2), family(random, 30000, 3), street(random, 2000, 2);
  const File file = open_file(path, "wb"), later_file = open_file(later, "wb");
  for (std::FILE* one : {file.get(), later_file.get()}) fmt::print(one, "record,first_name,surname,dob,sex,postcode,address,telephone,person\n");
  const double later_share = static_cast<double>(run.delta) / static_cast<double>(run.people * run.copies);
  const std::size_t postcodes = run.people / 35 + 50;
  const auto postcode = [&] {
    const std::uint64_t n = random.below(postcodes);
    return fmt::format("{}{}{} {}{}{}", static_cast<char>('A' + n / 4600 % 20), static_cast<char>('A' + n / 92000 % 20), 1 + n / 460 % 10, n / 46 % 10,
                       static_cast<char>('A' + n % 23), static_cast<char>('A' + n % 2 + n / 23 % 20));
  };
  const auto address = [&] { return fmt::format("{} {} road", 1 + random.below(150), street.pick(random)); };
  std::uint64_t record = 0;
  for (std::size_t person = 0; person < run.people;) {
    const std::string home_name = family.pick(random), home = postcode(), house = address(), phone = fmt::format("01{:09}", random.below(1000000000));
    for (std::uint64_t k = 0, size = 1 + random.below(4); k < size && person < run.people; ++k, ++person) {
      const std::string first = given.pick(random), last = random.chance(0.85) ? home_name : family.pick(random),
                        mobile = fmt::format("07{:09}", random.below(1000000000));
      const auto year = static_cast<int>(1930 + random.below(90)), month = static_cast<int>(1 + random.below(12)), day = static_cast<int>(1 + random.below(28));
      const char sex = random.chance(0.5) ? 'F' : 'M';
      const std::string old_home = postcode(), old_house = address();
      for (std::size_t copy = 0; copy < run.copies; ++copy) {
        int m = month, d = day;
        if (d <= 12 && random.chance(0.01)) std::swap(m, d);
        else if (random.chance(0.01)) d = static_cast<int>(1 + random.below(28));
        const bool moved = random.chance(0.15);
        fmt::print(later_random.chance(later_share) ? later_file.get() : file.get(), "{},{},{},{},{},{},{},{},{}\n", ++record,
                   random.chance(0.01) ? "" : mistyped(first, random, 0.05), mistyped(last, random, 0.05),
                   random.chance(0.02) ? "" : fmt::format("{}-{:02}-{:02}", year, m, d), random.chance(0.02) ? ' ' : sex,
                   random.chance(0.05) ? ""
                       : moved         ? old_home
                                       : home,
                   random.chance(0.1) ? ""
                       : moved        ? old_house
                                      : house,
                   random.chance(0.4)       ? ""
                       : random.chance(0.5) ? phone
                                            : mobile,
                   person + 1);
      }
    }
  }
}

double seconds_since(std::chrono::steady_clock::time_point from) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count(); }

rusage used() {
  rusage out{};
  getrusage(RUSAGE_SELF, &out);
  return out;
}
double user_seconds() { return static_cast<double>(used().ru_utime.tv_sec) + static_cast<double>(used().ru_utime.tv_usec) * 1e-6; }

// One number of who is with whom and of all pairs kept, to hold two builds or two numbers of threads against each other.
std::uint64_t hash_of(const linkage::RowLinks& links) {
  const auto hash = [](const auto& values) { return linkage::hash_text({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])}); };
  return hash(links.rows.input_row) ^ mix64(hash(links.cluster)) ^ mix64(mix64(hash(links.pairs)));
}

linkage::Model loose_model(linkage::Model model, std::size_t rows) {
  // Blocks grow with the table: as many pairs a row as make about ninety at a million rows.
  for (const auto& parts : std::vector<std::vector<const char*>>{{"birth_date"}, {"postcode"}, {"given_name", "family_name:first2"}, {"telephone"}}) {
    linkage::BlockingRule rule;
    for (const char* part : parts) linkage::read_key_part(part, rule.parts.emplace_back());
    model.blocking.push_back(rule);
  }
  model.largest_block = static_cast<std::uint32_t>(rows);
  return model;
}

}  // namespace

namespace {

bool good_enough(const linkage::Accuracy& accuracy) {
  fmt::print("true pairs {}  precision {:.5f}  recall {:.5f}  F1 {:.5f}\n", accuracy.true_pairs, accuracy.precision(), accuracy.recall(), accuracy.f1());
  const bool good = accuracy.precision() >= 0.99 && accuracy.recall() >= 0.98;  // auto joins from even odds
  if (!good) fmt::print("the answer is not good enough: precision below 0.99 or recall below 0.98\n");
  return good;
}

std::uint32_t person_in(const linkage::Tables& tables, std::size_t row) {
  const linkage::Tables::Column& column = *tables.column("person");
  return static_cast<std::uint32_t>(std::stoul(std::string(column.texts.text(column.cells[row]))));
}

void print_calibration(const linkage::RowLinks& links, const std::vector<std::uint32_t>& truth) {
  for (const linkage::CalibrationBand& b : linkage::calibration(links, truth))
    if (b.with_truth != 0)
      fmt::print("  probability {:<6} to {:<6} {:>10} pairs, on average {:.4f}, one person {:.4f}\n", b.from, b.to, b.with_truth, b.mean_probability,
                 static_cast<double>(b.right) / static_cast<double>(b.with_truth));
}

// Tonight's records for those linked before; for small tables the answer is held against a full run's.
bool link_delta(const FileRun& run, linkage::RowLinks links, linkage::Model model, const linkage::Tables& before, const fs::path& later, Progress& progress) {
  const linkage::Frequencies kept = linkage::frequencies_of(links.rows, model);
  const bool checked = before.rows() <= 400'000;
  if (checked) links = linkage::link_packed(std::move(links.rows), model, run.threads, progress, {}, &kept);
  const double user = user_seconds();
  const auto started = std::chrono::steady_clock::now();
  linkage::Tables tables;
  tables.add("people", later.string(), linkage::FileBytes(later.string(), run.threads).bytes(), run.threads);
  const linkage::Model as_before = model;
  const linkage::RowLinks more = linkage::link_more(std::move(links), tables.raw(run.threads), model, kept, run.threads, progress);
  fmt::print("{} further records: {:.2f} s, {:.2f} user s, {} pairs compared\n", tables.rows(), seconds_since(started), user_seconds() - user, more.compared);
  std::vector<std::uint32_t> truth(more.rows.rows());
  for (std::size_t place = 0; place < truth.size(); ++place) {
    const std::uint32_t row = more.rows.input_row[place];
    truth[place] = row < before.rows() ? person_in(before, row) : person_in(tables, row - before.rows());
  }
  if (!good_enough(linkage::measure(truth, more.cluster, nullptr))) return false;
  if (!checked) return true;
  std::vector<std::uint32_t> came_from;
  linkage::Model again = as_before;
  linkage::PackedRows all = linkage::pack_more(linkage::pack(before.raw(), again), tables.raw(), again, run.threads, came_from);
  const linkage::RowLinks full = linkage::link_packed(std::move(all), again, run.threads, progress, {}, &kept);
  fmt::print("a full run compares {} pairs and gives {} answer\n", full.compared, full.cluster == more.cluster ? "the same" : "another");
  return full.cluster == more.cluster;
}

}  // namespace

bool link_files(const FileRun& run, Progress& progress) {
  const Folder folder;
  const fs::path people = folder.path / "people.csv", later = folder.path / "later.csv", clusters = folder.path / "clusters.csv";
  write_people(people, later, run);
  if (!run.write.empty()) return fs::copy_file(people, run.write, fs::copy_options::overwrite_existing);
  fmt::print("{} people, {} records, {:.0f} MB, {} threads\n", run.people, run.people * run.copies, static_cast<double>(fs::file_size(people)) / 1e6,
             run.threads);
  const double user = user_seconds();
  const auto started = std::chrono::steady_clock::now();
  linkage::Tables tables;
  progress.step("reading", 0, "");
  tables.add("people", people.string(), linkage::FileBytes(people.string(), run.threads).bytes(), run.threads);
  progress.done();
  std::vector<std::string> notes;
  linkage::Model model = linkage::guess_model(tables, {"person"}, notes);
  if (run.loose) model = loose_model(std::move(model), tables.rows());
  linkage::RowLinks links = linkage::link_rows(tables.raw(run.threads), model, run.threads, progress);
  progress.step("writing", 0, "");
  std::vector<std::uint32_t> cluster(tables.rows());
  for (std::size_t place = 0; place < cluster.size(); ++place) cluster[links.rows.input_row[place]] = links.cluster[place];
  {
    std::ofstream out(clusters, std::ios::binary);
    linkage::write_clusters(tables, cluster, run.threads, [&out](std::string_view lines) { out << lines; });
  }
  progress.done();
  const double wall = seconds_since(started), cpu = user_seconds() - user;
  fmt::print("file to file {:.2f} s, {:.2f} user s, {:.2f} GB at most; {} pairs compared, {} kept, {} clusters, hash {:016x}\n", wall, cpu,
             static_cast<double>(used().ru_maxrss) / 1e6, links.compared, links.pairs.size(), links.clusters, hash_of(links));
  for (const linkage::RuleReport& r : links.blocking)
    fmt::print("  {:<55} {:>11} pairs, largest block {:>5}, {:>9} rows parted, {:>8} left out\n", r.rule, r.pairs, r.largest, r.parted_rows, r.dropped_rows);
  std::vector<std::uint32_t> truth(tables.rows());
  for (std::size_t place = 0; place < truth.size(); ++place) truth[place] = person_in(tables, links.rows.input_row[place]);
  print_calibration(links, truth);
  const linkage::BlockingRecall met = linkage::blocking_recall(links, model, truth, run.threads);
  fmt::print("blocking recall {:.5f} of {} true pairs; caps dropped {}\n", met.recall(), met.true_pairs, met.dropped_by_cap);
  const bool whole = fs::file_size(clusters) > tables.rows() * 10;
  if (!good_enough(linkage::measure(truth, links.cluster, nullptr)) || !whole) return false;
  return run.delta == 0 || link_delta(run, std::move(links), std::move(model), tables, later, progress);
}

}  // namespace catchment::bench
