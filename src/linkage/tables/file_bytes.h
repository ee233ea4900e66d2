// A whole file in memory, read by several threads at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace catchment::linkage {

class FileBytes {
 public:
  /// Throws Error (user) for a file that cannot be read.
  FileBytes(const std::string& path, unsigned threads);
  std::string_view bytes() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace catchment::linkage
