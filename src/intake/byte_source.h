// Bytes of a delivered file, whatever it is packed in: plain or gzip (by its first bytes), UTF-8 or UTF-16
// (by byte-order mark). Memory is a few fixed buffers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace catchment::intake {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Up to `size` bytes; fewer than asked for, at least 1, or 0 at the end.
  virtual std::size_t read(char* to, std::size_t size) = 0;
};

/// What is known once the end was reached.
struct FileFacts {
  std::string sha256;           // of the file as it lies on the disk
  std::uint64_t bytes = 0;
  bool truncated = false;       // gzip that ends before its end, or is damaged
  bool failed = false;          // the disk gave an error
};

/// A file opened for reading. `encoding` is that of the feed ("" = find out).
class FileReader {
 public:
  FileReader(const std::filesystem::path& path, const std::string& encoding);
  ~FileReader();
  FileReader(FileReader&&) noexcept;
  FileReader& operator=(FileReader&&) noexcept;

  bool opened() const;
  /// A packed file that turned out to end before its end.
  bool cut_short() const;
  std::size_t read(char* to, std::size_t size);
  /// After the end of the content: reads what is left of the file and closes it.
  FileFacts finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of a whole file, "" when it cannot be read.
std::string hash_of_file(const std::filesystem::path& path);

}  // namespace catchment::intake
