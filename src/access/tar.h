// The part of the ustar format (POSIX.1-1988) that backups use: regular files with short names. Internal to access.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace catchment::access {

class TarWriter {
 public:
  /// Creates the file with mode 0600; it must not exist.
  explicit TarWriter(const std::filesystem::path& file);
  ~TarWriter();
  TarWriter(const TarWriter&) = delete;
  TarWriter& operator=(const TarWriter&) = delete;
  void add(const std::string& name, std::uint64_t bytes, std::int64_t seconds, const std::function<std::string_view()>& next_part);
  /// Ends the archive and waits until it is on disk.
  void finish();

 private:
  void write(std::string_view bytes);
  int descriptor_ = -1;
};

struct TarMember {
  std::string name;
  std::uint64_t bytes = 0;
};

class TarReader {
 public:
  explicit TarReader(const std::filesystem::path& file);
  /// The next member, or nothing at the end. Throws for anything that is not a regular file or is damaged.
  std::optional<TarMember> next();
  /// The next part of the member in hand; empty when it has all been read.
  std::string_view part();

 private:
  std::ifstream in_;
  std::string buffer_;
  std::uint64_t left_ = 0, padding_ = 0;
};

}  // namespace catchment::access
