#include "fhir/data/files.h"

#include <libdeflate.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>

#include "base/error.h"
#include "json/json.h"

namespace catchment::fhir {

namespace fs = std::filesystem;

std::vector<fs::path> files_under(const fs::path& path, const std::vector<std::string>& endings) {
  std::error_code fault;
  if (!fs::exists(path, fault)) throw Error(ErrorKind::user, "there is no file or folder " + path.string(), "check the path");
  if (fs::is_regular_file(path, fault)) return {path};
  std::vector<fs::path> result;
  for (auto it = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, fault); it != fs::recursive_directory_iterator();
       it.increment(fault)) {
    if (fault) break;
    const std::string name = it->path().filename().string();
    if (name.starts_with(".")) {
      if (it->is_directory(fault)) it.disable_recursion_pending();
      continue;
    }
    if (it.depth() > 16 || !it->is_regular_file(fault)) continue;
    if (std::any_of(endings.begin(), endings.end(), [&name](const std::string& ending) { return name.ends_with(ending); })) result.push_back(it->path());
  }
  std::sort(result.begin(), result.end());
  return result;
}

namespace {

Error unreadable(const fs::path& path) { return {ErrorKind::environment, "cannot read " + path.string(), "check that it is whole and may be read"}; }
Error too_large(const fs::path& path) { return {ErrorKind::user, path.string() + " is larger than 2 GB", "split it"}; }

/// Bytes that grow without being cleared first. Large ones ask the system for large pages: a first touch of
/// each small page costs more than unpacking into it.
class Buffer {
 public:
  /// Room for `size` bytes and padding; the first `kept` stay.
  char* grow(std::size_t size, std::size_t kept) {
    if (bytes_ && size <= size_) return bytes_.get();
    const std::size_t whole = (size + json::padding + large_page - 1) / large_page * large_page;
    std::unique_ptr<char, void (*)(void*)> larger(static_cast<char*>(std::aligned_alloc(large_page, whole)), std::free);
    if (!larger) throw std::bad_alloc();
    madvise(larger.get(), whole, MADV_HUGEPAGE);  // where it is refused, small pages do
    if (kept > 0) std::memcpy(larger.get(), bytes_.get(), kept);
    bytes_ = std::move(larger);
    size_ = whole - json::padding;
    return bytes_.get();
  }
  std::string_view padded(std::size_t size) {
    std::memset(bytes_.get() + size, 0, json::padding);
    return {bytes_.get(), size};
  }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t large_page = std::size_t{2} << 20;
  std::unique_ptr<char, void (*)(void*)> bytes_{nullptr, std::free};
  std::size_t size_ = 0;
};

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// The size that the end of a gzip file claims, no more than it could be.
std::size_t claimed_size(std::string_view packed) {
  constexpr std::size_t most_packed = 1032;  // of deflate
  std::uint32_t size = 0;
  if (packed.size() >= sizeof size) std::memcpy(&size, packed.data() + packed.size() - sizeof size, sizeof size);
  return std::min<std::size_t>({size, packed.size() * most_packed, maximum_file_bytes});
}

}  // namespace

struct FileReader::State {
  Buffer file, unpacked;
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> unpacker{libdeflate_alloc_decompressor(), libdeflate_free_decompressor};

  std::string_view read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) throw unreadable(path);
    const auto size = static_cast<std::size_t>(in.tellg());
    if (size > maximum_file_bytes) throw too_large(path);
    char* const bytes = file.grow(size, 0);
    in.seekg(0);
    if (size > 0 && !in.read(bytes, static_cast<std::streamsize>(size))) throw unreadable(path);
    return file.padded(size);
  }

  /// Every member of a gzip file; what stands behind the last one is left.
  std::string_view unpack(std::string_view packed, const fs::path& path) {
    std::size_t size = 0;
    unpacked.grow(claimed_size(packed), 0);
    while (is_gzip(packed)) {
      std::size_t used = 0;
      std::size_t made = 0;
      const libdeflate_result result =
          libdeflate_gzip_decompress_ex(unpacker.get(), packed.data(), packed.size(), unpacked.grow(size, size) + size, unpacked.size() - size, &used, &made);
      if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
        if (unpacked.size() >= maximum_file_bytes) throw too_large(path);
        unpacked.grow(std::min(unpacked.size() * 2 + (std::size_t{1} << 16), maximum_file_bytes), size);
        continue;
      }
      if (result != LIBDEFLATE_SUCCESS) throw unreadable(path);
      size += made;
      packed.remove_prefix(used);
    }
    return unpacked.padded(size);
  }
};

FileReader::FileReader() : state_(std::make_unique<State>()) {}
FileReader::~FileReader() = default;

std::string_view FileReader::read(const fs::path& path) {
  std::error_code fault;
  if (!fs::exists(path, fault)) throw Error(ErrorKind::user, "there is no file " + path.string(), "check the path");
  const std::string_view bytes = state_->read(path);
  return path.extension() == ".gz" && is_gzip(bytes) ? state_->unpack(bytes, path) : bytes;
}

std::string read_file(const fs::path& path) { return std::string(FileReader().read(path)); }

}  // namespace catchment::fhir
