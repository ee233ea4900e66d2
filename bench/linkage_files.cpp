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
    static constexpr std::array<std::string_view, 40> parts{"ba", "ce", "den", "dra", "el", "fa", "fo", "gar", "gwe", "ha", "hol", "is", "ja", "jo", "ka", "ki", "kor", "lan", "li", "ma",
                                                            "mor", "mi", "na", "ne", "o", "pa", "pri", "ra", "ros", "sa", "sha", "sta", "ta", "ti", "u", "va", "wel", "ya", "zo", "zu"};
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
void write_people(const fs::path& path, const FileRun& run) {
  Random random(77);
  const Names given(random, 3000, 2), family(random, 30000, 3), street(random, 2000, 2);
  const File file = open_file(path, "wb");
  fmt::print(file.get(), "record,first_name,surname,dob,sex,postcode,address,telephone,person\n");
  const std::size_t postcodes = run.people / 35 + 50;
  const auto postcode = [&] {
    const std::uint64_t n = random.below(postcodes);
    return fmt::format("{}{}{} {}{}{}", static_cast<char>('A' + n / 4600 % 20), static_cast<char>('A' + n / 92000 % 20), 1 + n / 460 % 10, n / 46 % 10, static_cast<char>('A' + n % 23), static_cast<char>('A' + n % 2 + n / 23 % 20));
  };
  const auto address = [&] { return fmt::format("{} {} road", 1 + random.below(150), street.pick(random)); };
  std::uint64_t record = 0;
  for (std::size_t person = 0; person < run.people;) {
    const std::string home_name = family.pick(random), home = postcode(), house = address(), phone = fmt::format("01{:09}", random.below(1000000000));
    for (std::uint64_t k = 0, size = 1 + random.below(4); k < size && person < run.people; ++k, ++person) {
      const std::string first = given.pick(random), last = random.chance(0.85) ? home_name : family.pick(random), mobile = fmt::format("07{:09}", random.below(1000000000));
      const auto year = static_cast<int>(1930 + random.below(90)), month = static_cast<int>(1 + random.below(12)), day = static_cast<int>(1 + random.below(28));
      const char sex = random.chance(0.5) ? 'F' : 'M';
      const std::string old_home = postcode(), old_house = address();
      for (std::size_t copy = 0; copy < run.copies; ++copy) {
        int m = month, d = day;
        if (d <= 12 && random.chance(0.01)) std::swap(m, d);
        else if (random.chance(0.01)) d = static_cast<int>(1 + random.below(28));
        const bool moved = random.chance(0.15);
        fmt::print(file.get(), "{},{},{},{},{},{},{},{},{}\n", ++record, random.chance(0.01) ? "" : mistyped(first, random, 0.05), mistyped(last, random, 0.05),
                   random.chance(0.02) ? "" : fmt::format("{}-{:02}-{:02}", year, m, d), random.chance(0.02) ? ' ' : sex, random.chance(0.05) ? "" : moved ? old_home : home,
                   random.chance(0.1) ? "" : moved ? old_house : house, random.chance(0.4) ? "" : random.chance(0.5) ? phone : mobile, person + 1);
      }
    }
  }
}

std::string read_bytes(const fs::path& path) {
  std::string bytes(fs::file_size(path), '\0');
  const File file = open_file(path, "rb");
  if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) throw Error(ErrorKind::environment, path.string() + ": cannot be read", "try again");
  return bytes;
}

double seconds_since(std::chrono::steady_clock::time_point from) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count(); }

rusage used() {
  rusage out{};
  getrusage(RUSAGE_SELF, &out);
  return out;
}
double user_seconds() { return static_cast<double>(used().ru_utime.tv_sec) + static_cast<double>(used().ru_utime.tv_usec) * 1e-6; }

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

bool link_files(const FileRun& run, Progress& progress) {
  const Folder folder;
  const fs::path people = folder.path / "people.csv", clusters = folder.path / "clusters.csv";
  write_people(people, run);
  fmt::print("{} people, {} records, {:.0f} MB, {} threads\n", run.people, run.people * run.copies, static_cast<double>(fs::file_size(people)) / 1e6, run.threads);
  const double user = user_seconds();
  const auto started = std::chrono::steady_clock::now();
  linkage::Tables tables;
  progress.step("reading", 0, "");
  tables.add("people", people.string(), read_bytes(people), run.threads);
  progress.done();
  std::vector<std::string> notes;
  linkage::Model model = linkage::guess_model(tables, {"person"}, notes);
  if (run.loose) model = loose_model(std::move(model), tables.rows());
  const linkage::RowLinks links = linkage::link_rows(tables.raw(run.threads), model, run.threads, progress);
  progress.step("writing", 0, "");
  std::vector<std::uint32_t> cluster(tables.rows());
  for (std::size_t place = 0; place < cluster.size(); ++place) cluster[links.rows.input_row[place]] = links.cluster[place];
  {
    std::ofstream out(clusters, std::ios::binary);
    linkage::write_clusters(tables, cluster, run.threads, [&out](std::string_view lines) { out << lines; });
  }
  progress.done();
  const double wall = seconds_since(started), cpu = user_seconds() - user;
  fmt::print("file to file {:.2f} s, {:.2f} user s, {:.2f} GB at most; {} pairs compared, {} kept, {} clusters\n", wall, cpu, static_cast<double>(used().ru_maxrss) / 1e6, links.compared,
             links.pairs.size(), links.clusters);
  for (const linkage::RuleReport& r : links.blocking)
    fmt::print("  {:<55} {:>11} pairs, largest block {:>5}, {:>9} rows parted, {:>8} left out\n", r.rule, r.pairs, r.largest, r.parted_rows, r.dropped_rows);
  const linkage::Tables::Column& truth_column = *tables.column("person");
  const linkage::Accuracy accuracy = linkage::measure(truth_column.cells, cluster, nullptr);
  const bool whole = fs::file_size(clusters) > tables.rows() * 10;
  fmt::print("true pairs {}  precision {:.5f}  recall {:.5f}  F1 {:.5f}\n", accuracy.true_pairs, accuracy.precision(), accuracy.recall(), accuracy.f1());
  const bool good = whole && accuracy.precision() >= 0.999 && accuracy.recall() >= 0.97;
  if (!good) fmt::print("the answer is not good enough: precision below 0.999 or recall below 0.97\n");
  return good;
}

}  // namespace catchment::bench
