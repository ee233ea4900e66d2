// Holds the tree to what ARCHITECTURE.md and modules.txt say.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path root = CATCHMENT_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> modules() {
  std::vector<std::string> names;
  std::istringstream text(read(root / "modules.txt"));
  for (std::string line; std::getline(text, line);)
    if (!line.empty() && line[0] != '#') names.push_back(line);
  return names;
}

std::vector<fs::path> sources(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h") files.push_back(entry.path());
  return files;
}

std::vector<std::string> quoted_includes(const fs::path& file) {
  std::vector<std::string> found;
  std::istringstream text(read(file));
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("#include \"", 0) != 0) continue;
    const auto end = line.find('"', 10);
    found.push_back(line.substr(10, end - 10));
  }
  return found;
}

// A module's public headers: <m>/<m>.h and what that header includes of its own module, to any depth.
std::set<std::string> public_headers(const std::string& module) {
  std::set<std::string> found;
  std::vector<std::string> open{module + "/" + module + ".h"};
  while (!open.empty()) {
    const std::string header = open.back();
    open.pop_back();
    if (!fs::exists(root / "src" / header) || !found.insert(header).second) continue;
    for (const auto& inner : quoted_includes(root / "src" / header))
      if (inner.rfind(module + "/", 0) == 0) open.push_back(inner);
  }
  return found;
}

}  // namespace

TEST_CASE("a module includes only the public headers of modules above it") {
  const auto names = modules();
  std::map<std::string, std::set<std::string>> allowed;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const auto& file : sources(root / "src" / names[i])) {
      for (const auto& include : quoted_includes(file)) {
        const std::string other = include.substr(0, include.find('/'));
        if (other == names[i]) continue;
        INFO(fs::relative(file, root).string() << " includes " << include);
        const auto at = std::find(names.begin(), names.end(), other);
        REQUIRE(at != names.end());
        CHECK(static_cast<std::size_t>(at - names.begin()) < i);
        if (other == "base") continue;
        if (allowed[other].empty()) allowed[other] = public_headers(other);
        CHECK(allowed[other].count(include) == 1);
      }
    }
  }
}

TEST_CASE("every folder under src is a module, and every module has its public header") {
  const auto names = modules();
  for (const auto& entry : fs::directory_iterator(root / "src")) {
    if (!entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
    if (name != "base" && name != "cli") CHECK(fs::exists(entry.path() / (name + ".h")));
  }
}

TEST_CASE("every folder that ARCHITECTURE.md names exists") {
  const std::string text = read(root / "ARCHITECTURE.md");
  REQUIRE(!text.empty());
  int named = 0;
  // Folders stand in back quotes and end with a slash: `src/base/`.
  for (std::size_t at = text.find('`'); at != std::string::npos; at = text.find('`', at + 1)) {
    const std::size_t end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    const std::string word = text.substr(at + 1, end - at - 1);
    at = end;
    if (word.empty() || word.back() != '/' || word.find_first_of(" <*") != std::string::npos) continue;
    ++named;
    INFO(word);
    CHECK(fs::is_directory(root / word));
  }
  CHECK(named > 10);
  CHECK(std::count(text.begin(), text.end(), '\n') < 200);
}

TEST_CASE("the heavy libraries are seen in one module each") {
  const std::map<std::string, std::string> owner{
      {"<simdjson.h>", "json"}, {"<duckdb.h>", "db"}, {"<sqlite3.h>", "db"}, {"<boost/asio", "web"}, {"<boost/beast", "web"}};
  for (const auto& name : modules()) {
    for (const auto& file : sources(root / "src" / name)) {
      const std::string text = read(file);
      for (const auto& [include, module] : owner) {
        INFO(fs::relative(file, root).string() << " includes " << include);
        CHECK((text.find("#include " + include) == std::string::npos || module == name));
      }
    }
  }
}

TEST_CASE("nothing in the tree names a machine's own path") {
  const std::vector<std::string> banned{
      "/"
      "work/",
      "/"
      "home/",
      "/"
      "root/"};
  for (const char* folder : {"src", "tests", "docs", "tools", "system", "bench", "fuzz", "cmake"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || entry.file_size() > 2'000'000) continue;
      const std::string text = read(entry.path());
      for (const auto& path : banned) {
        INFO(fs::relative(entry.path(), root).string());
        CHECK(text.find(path) == std::string::npos);
      }
    }
  }
}
