// A workspace in a temporary folder: files in, staged tables out.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "db/db.h"
#include "intake/intake.h"

namespace catchment::intake::test {

class Workspace {
 public:
  Workspace() {
    static std::atomic<int> count = 0;
    root_ = std::filesystem::temp_directory_path() / ("catchment-intake-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(root_ / "extracts");
    std::filesystem::create_directories(root_ / "snapshot");
    std::filesystem::create_directories(root_ / "system" / "feeds");
  }
  ~Workspace() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const std::filesystem::path& root() const { return root_; }
  void write(const std::string& file, std::string_view bytes) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << bytes;
  }
  void feed(const std::string& name, std::string_view toml) const { write("system/feeds/" + name + ".toml", toml); }
  void extract(const std::string& file, std::string_view bytes) const { write("extracts/" + file, bytes); }

  IntakeResult stage(unsigned threads = 2) const {
    Diagnostics diagnostics;
    const auto definitions = load_feeds(root_ / "system", diagnostics);
    for (const auto& d : diagnostics) MESSAGE(to_string(d));
    REQUIRE(!has_errors(diagnostics));
    return stage_with(definitions, threads);
  }
  IntakeResult stage_with(const FeedDefinitions& definitions, unsigned threads = 2) const {
    IntakeSettings settings;
    settings.extracts = root_ / "extracts";
    settings.snapshot = root_ / "snapshot";
    settings.memory_limit = "512MB";
    settings.threads = threads;
    settings.as_of = *Date::parse("2026-04-01");
    SilentProgress progress;
    return stage_extracts(definitions, settings, progress);
  }

  /// The answer of a query on staged.duckdb: cells with '|', rows with line ends.
  std::string ask(const std::string& sql) const {
    db::DuckOptions options;
    options.read_only = true;
    options.memory_limit = "512MB";
    options.temporary_directory = root_ / "spill";
    db::Duck duck(root_ / "snapshot" / "staged.duckdb", options);
    auto connection = duck.connect();
    std::string out;
    for (const auto& row : connection.query(sql).all()) {
      std::string line;
      for (const auto& cell : row) line += (line.empty() ? "" : "|") + db::to_string(cell);
      out += line + "\n";
    }
    return out;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace catchment::intake::test
