// Every fault a person can write into a definition folder is named with its place and a likely fix:
// the table faults.csv changes one file of the tiny system and says what must be reported.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/csv.h"
#include "base/random.h"
#include "system/system.h"
#include "tiny_folder.h"

using namespace catchment;
using namespace catchment::system;

namespace {

// "\n" and "\0" written out in a cell of the table.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == '0')) {
      out += text[++i] == 'n' ? '\n' : '\0';
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string one_line(const Diagnostic& diagnostic) {
  std::string text = to_string(diagnostic);
  if (const auto at = text.find("\n  fix: "); at != std::string::npos) text.replace(at, 8, " | ");
  return text;
}

bool every_reference_holds(const System& system) {
  for (const SmallArea& area : system.small_areas) {
    if (find_place(system, area.place) == nullptr) return false;
  }
  for (const Practice& practice : system.practices) {
    if (find_place(system, practice.place) == nullptr) return false;
    if (!practice.network.empty() && find_network(system, practice.network) == nullptr) return false;
  }
  for (const Postcode& one : system.postcodes) {
    if (find_small_area(system, one.small_area) == nullptr) return false;
  }
  for (const Succession& one : system.successions) {
    if (find_organisation(system, one.from) == nullptr || find_organisation(system, one.to) == nullptr) return false;
  }
  return find_organisation(system, system.board) != nullptr;
}

}  // namespace

TEST_CASE("each fault of the table is reported with its place and its fix") {
  const std::string table_text = [] {
    std::ifstream in(CATCHMENT_SOURCE_DIR "/tests/system/faults.csv", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(table_text, faults);
  REQUIRE(faults.empty());
  REQUIRE(table.rows.size() > 40);
  const std::map<std::string, std::string> sound = tiny_folder();
  int read_here = 0;
  for (const auto& row : table.rows) {
    const std::string& file = row[1];
    if (file.starts_with("codelists/") || file == "ethnicity.csv") continue;  // read by terminology's test
    ++read_here;
    std::map<std::string, std::string> files = sound;
    const std::string find = unescaped(row[2]);
    if (row[3] == "<gone>") {
      files.erase(file);
    } else {
      const auto at = files[file].find(find);
      REQUIRE_MESSAGE(at != std::string::npos, row[0]);
      files[file].replace(at, find.size(), unescaped(row[3]));
    }
    const LoadedSystem loaded = load_system(Definitions(files));
    const bool said = std::any_of(loaded.diagnostics.begin(), loaded.diagnostics.end(), [&](const Diagnostic& d) { return one_line(d) == row[4]; });
    CHECK_MESSAGE(said,
                  row[0] << "\n  expected " << row[4] << "\n  first    " << (loaded.diagnostics.empty() ? "nothing" : one_line(loaded.diagnostics.front())));
    CHECK_MESSAGE(loaded.diagnostics.size() <= 2, row[0] << " is followed by noise");
  }
  CHECK(read_here > 40);
}

TEST_CASE("all faults of a folder are reported, not the first only") {
  auto files = tiny_folder();
  files["places.csv"] += "north,TI-X,Third Isle,nobody,12\n";
  files["posts.csv"] += "clerk,Clerk,nowhere,1\n";
  files["services.csv"] += "x,X,X,X,nobody,hospital_trust,,\n";
  const LoadedSystem loaded = load_system(Definitions(files));
  CHECK(loaded.diagnostics.size() == 4);
}

TEST_CASE("no damage to a file makes the loader crash or pass a broken reference") {
  const std::map<std::string, std::string> sound = tiny_folder();
  REQUIRE(load_system(Definitions(sound)).diagnostics.empty());
  Random random(20260331);
  const std::string spice = ",\"\n\r;=[]{}#'.-09azAZ \t\\";
  int still_sound = 0;
  for (int round = 0; round < 1500; ++round) {
    auto files = sound;
    auto at = files.begin();
    std::advance(at, static_cast<long>(random.below(files.size())));
    std::string& text = at->second;
    for (std::uint64_t edits = 1 + random.below(3); edits > 0 && !text.empty(); --edits) {
      const std::size_t where = random.below(text.size());
      switch (random.below(4)) {
        case 0: text[where] = spice[random.below(spice.size())]; break;
        case 1: text.erase(where, 1 + random.below(40)); break;
        case 2: text.insert(where, 1, static_cast<char>(random.below(256))); break;
        default: text.resize(where); break;
      }
    }
    const LoadedSystem loaded = load_system(Definitions(files));
    if (has_errors(loaded.diagnostics)) continue;
    ++still_sound;
    CHECK_MESSAGE(every_reference_holds(loaded.system), at->first << ":\n" << text);
  }
  CHECK(still_sound > 50);  // some damage is harmless, such as a changed name
}

TEST_CASE("a folder that is not there is one clear fault") {
  const LoadedSystem loaded = load_system(std::filesystem::path("no/such/folder"));
  REQUIRE(loaded.diagnostics.size() == 1);
  CHECK(to_string(loaded.diagnostics[0]).find("there is no such folder") != std::string::npos);
}

TEST_CASE("a directory in place of a file, and a file of a size no definition has, are named") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "catchment-test-definitions";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "places.csv");
  std::ofstream(folder / "system.toml") << "";
  std::filesystem::resize_file(folder / "system.toml", max_definition_bytes + 1);
  Definitions definitions(folder);
  CHECK_FALSE(definitions.bytes("places.csv"));
  CHECK_FALSE(definitions.bytes("system.toml"));
  REQUIRE(definitions.diagnostics().size() == 2);
  CHECK(definitions.diagnostics()[0].message == "this is not a file");
  CHECK(definitions.diagnostics()[1].message.find("a definition file may have") != std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST_CASE("deeply nested TOML is a fault, not a crash") {
  auto files = tiny_folder();
  files["system.toml"] = "a = " + std::string(100'000, '[');
  CHECK(has_errors(load_system(Definitions(files)).diagnostics));
}

TEST_CASE("a table header without a key is a fault with its place") {
  auto files = tiny_folder();
  files["strategy.toml"] = "title = \"t\"\n[[`]]\n";
  const Diagnostics found = load_system(Definitions(files)).diagnostics;
  REQUIRE(found.size() >= 1);
  CHECK(found[0].line == 2);
}

TEST_CASE("a letter that no key may hold is a fault with its place") {
  for (const char* line : {"namé = 1", "t = 1 é", "t = [1, é]"}) {
    auto files = tiny_folder();
    files["strategy.toml"] = "title = \"t\"\n" + std::string(line) + "\n";
    const Diagnostics found = load_system(Definitions(files)).diagnostics;
    REQUIRE(found.size() >= 1);
    CHECK(found[0].line == 2);
  }
}
