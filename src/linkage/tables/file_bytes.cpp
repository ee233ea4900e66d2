#include "linkage/tables/file_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t piece_bytes = 8U << 20;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  /// Below 0 where there is no file to read.
  off_t size() const {
    struct stat said{};
    return file_ < 0 || ::fstat(file_, &said) != 0 || S_ISDIR(said.st_mode) ? -1 : said.st_size;
  }
  bool read(char* into, std::size_t count, std::size_t from) const {
    while (count > 0) {
      const ssize_t got = ::pread(file_, into, count, static_cast<off_t>(from));
      if (got <= 0) return false;
      into += got, from += static_cast<std::size_t>(got), count -= static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  int file_;
};

}  // namespace

FileBytes::FileBytes(const std::string& path, unsigned threads) {
  const Error unreadable(ErrorKind::user, path + ": cannot be read", "check the path and its permission");
  const OpenFile file(path);
  if (file.size() < 0) throw Error(unreadable);
  size_ = static_cast<std::size_t>(file.size());
  bytes_ = std::make_unique_for_overwrite<char[]>(size_);
  ask_for_large_pages(bytes_.get(), size_);
  share_out((size_ + piece_bytes - 1) / piece_bytes, threads, [&](std::size_t piece, unsigned) {
    const std::size_t from = piece * piece_bytes;
    if (!file.read(bytes_.get() + from, std::min(piece_bytes, size_ - from), from)) throw Error(unreadable);
  });
}

}  // namespace catchment::linkage
