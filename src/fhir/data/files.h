// Files of a folder, read whole; gzip is undone.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::fhir {

inline constexpr std::size_t maximum_file_bytes = std::size_t{2} << 30;

/// Every regular file under `path` (or `path` itself) whose name ends in one of `endings`, in name order.
/// Hidden files and folders are left out. Throws Error (user) when the path is not there.
std::vector<std::filesystem::path> files_under(const std::filesystem::path& path, const std::vector<std::string>& endings);

/// Reads one file after another into memory that is used again.
class FileReader {
 public:
  FileReader();
  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// The bytes, decompressed when the name ends in .gz, with json::padding behind them; they stand until the
  /// next call. Throws Error (environment) when the file cannot be read.
  std::string_view read(const std::filesystem::path& path);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// As FileReader, into a string.
std::string read_file(const std::filesystem::path& path);

}  // namespace catchment::fhir
