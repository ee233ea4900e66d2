#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/hash.h"
#include "synth/synth.h"

using namespace catchment;
using namespace catchment::synth;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder that goes away with the test.
struct Scratch {
  explicit Scratch(const std::string& name) : path(fs::temp_directory_path() / ("catchment-synth-test-" + name)) { fs::remove_all(path); }
  ~Scratch() { fs::remove_all(path); }
  fs::path path;
};

Report write(const fs::path& out, unsigned threads, Format format = Format::csv, std::uint64_t people = 150, std::uint64_t seed = 5) {
  SilentProgress progress;
  const Report report = synthesise({fs::path(CATCHMENT_SOURCE_DIR) / "system/blmk", out, people, seed, format, threads}, progress);
  for (const auto& diagnostic : report.diagnostics) MESSAGE(to_string(diagnostic));
  REQUIRE_FALSE(has_errors(report.diagnostics));
  return report;
}

std::map<std::string, std::string> digests(const fs::path& out) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(out))
    if (entry.is_regular_file()) all[fs::relative(entry.path(), out).string()] = to_hex(sha256(bytes_of(entry.path())));
  return all;
}

}  // namespace

TEST_CASE("the same people and seed give the same bytes on one thread and on three, and another seed gives others") {
  const Scratch one("one"), three("three");
  write(one.path, 1, Format::csv, 1'300);  // two chunks
  write(three.path, 3, Format::csv, 1'300);
  CHECK(digests(one.path) == digests(three.path));
  const Scratch first("first"), second("second");
  write(first.path, 1, Format::parquet);
  write(second.path, 2, Format::parquet);
  CHECK(digests(first.path) == digests(second.path));
  const Scratch here("here"), other("other");
  write(here.path, 2, Format::csv, 100, 1);
  write(other.path, 2, Format::csv, 100, 2);
  CHECK(digests(here.path) != digests(other.path));
}

TEST_CASE("extracts are marked synthetic, say how they were made, and hold no truth") {
  const Scratch out("marked");
  write(out.path, 2, Format::csv, 100, 11);
  const std::string notice = bytes_of(out.path / "extracts/SYNTHETIC.txt");
  CHECK(notice.find("SYNTHETIC DATA") == 0);
  CHECK(notice.find("seed: 11") != std::string::npos);
  CHECK(notice.find("state: complete") != std::string::npos);
  CHECK(bytes_of(out.path / "extracts/manifest.json").find("\"synthetic\": true") != std::string::npos);
  CHECK_FALSE(fs::exists(out.path / "extracts/truth"));
  CHECK(fs::exists(out.path / "truth/people.csv"));
}

TEST_CASE("a folder with somebody else's extracts is left alone") {
  const Scratch out("foreign");
  fs::create_directories(out.path / "extracts");
  std::ofstream(out.path / "extracts/real.csv") << "NHS\n";
  SilentProgress progress;
  CHECK_THROWS_AS(synthesise({fs::path(CATCHMENT_SOURCE_DIR) / "system/blmk", out.path, 1'000, 1, Format::csv, 1}, progress), Error);
  CHECK(fs::exists(out.path / "extracts/real.csv"));
}
