// Files of a folder, read whole; gzip is undone.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::fhir {

inline constexpr std::size_t maximum_file_bytes = std::size_t{2} << 30;

/// Every regular file under `path` (or `path` itself) whose name ends in one of `endings`, in name order.
/// Hidden files and folders are left out. Throws Error (user) when the path is not there.
std::vector<std::filesystem::path> files_under(const std::filesystem::path& path, const std::vector<std::string>& endings);

/// Reads one file after another through the same memory, decompressing those whose name ends in .gz. Throws Error
/// (environment) when a file cannot be read or is cut off.
class FileReader {
 public:
  FileReader();
  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// The whole file, with json::padding behind it; it stands until the next call.
  std::string_view read(const std::filesystem::path& path);
  /// Each line in turn, without its end, with json::padding behind it; it stands during the call only. A file is never
  /// held whole, so that memory does not grow with it and what is unpacked is still at hand when it is parsed.
  void read_lines(const std::filesystem::path& path, const std::function<void(std::string_view line)>& line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// As FileReader, into a string.
std::string read_file(const std::filesystem::path& path);

}  // namespace catchment::fhir
