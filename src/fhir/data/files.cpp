#include "fhir/data/files.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

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

/// The bytes of one file after another, decompressed where they are gzip.
class Source {
 public:
  void open(const fs::path& path) {
    std::error_code fault;
    if (!fs::exists(path, fault)) throw Error(ErrorKind::user, "there is no file " + path.string(), "check the path");
    path_ = path;
    file_.reset(std::fopen(path.c_str(), "rb"));
    if (!file_ || fs::is_directory(path, fault)) throw unreadable(path);
    at_ = end_ = 0;
    fill();
    is_packed_ = path.extension() == ".gz" && begins_member();
    if (is_packed_) begin_member();
  }

  /// Up to `room` bytes; 0 at the end.
  std::size_t read(char* to, std::size_t room) {
    if (is_packed_) return unpack(to, room);
    if (at_ == end_) fill();
    const std::size_t size = std::min(room, end_ - at_);
    std::memcpy(to, packed_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  /// More of the file behind what is left of it; false at its end.
  bool fill() {
    std::memmove(packed_.data(), packed_.data() + at_, end_ - at_);
    end_ -= at_;
    at_ = 0;
    const std::size_t got = std::fread(packed_.data() + end_, 1, packed_.size() - end_, file_.get());
    if (std::ferror(file_.get()) != 0) throw unreadable(path_);
    end_ += got;
    return got > 0;
  }
  bool begins_member() const { return end_ - at_ >= 2 && packed_[at_] == 0x1f && packed_[at_ + 1] == 0x8b; }
  void begin_member() {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
  }

  /// Every member of a gzip file; what stands behind the last one is left.
  std::size_t unpack(char* to, std::size_t room) {
    for (;;) {
      if (state_.block_state == ISAL_BLOCK_FINISH) {
        if (end_ - at_ < 2) fill();
        if (!begins_member()) return 0;
        begin_member();
      }
      const bool more = at_ < end_ || fill();
      state_.next_in = packed_.data() + at_;
      state_.avail_in = static_cast<std::uint32_t>(end_ - at_);
      state_.next_out = reinterpret_cast<std::uint8_t*>(to);
      state_.avail_out = static_cast<std::uint32_t>(room);
      if (isal_inflate(&state_) != ISAL_DECOMP_OK) throw unreadable(path_);
      at_ = end_ - state_.avail_in;
      const std::size_t size = room - state_.avail_out;
      if (size > 0) return size;
      if (!more && state_.block_state != ISAL_BLOCK_FINISH) throw unreadable(path_);  // cut off
    }
  }

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  fs::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<std::uint8_t> packed_ = std::vector<std::uint8_t>(std::size_t{1} << 17);
  std::size_t at_ = 0, end_ = 0;  // what is left of `packed_`
  bool is_packed_ = false;
  inflate_state state_{};
};

constexpr std::size_t piece = std::size_t{1} << 18;  // stays in the processor's cache

}  // namespace

struct FileReader::State {
  Source source;
  std::vector<char> bytes = std::vector<char>(piece + json::padding);

  /// Room for more behind the first `used` bytes.
  std::size_t room_behind(std::size_t used, const fs::path& path) {
    if (used > maximum_file_bytes) throw too_large(path);
    if (bytes.size() - json::padding - used < piece / 2) bytes.resize(bytes.size() * 2);
    return std::min<std::size_t>(bytes.size() - json::padding - used, std::size_t{1} << 30);
  }
};

FileReader::FileReader() : state_(std::make_unique<State>()) {}
FileReader::~FileReader() = default;

std::string_view FileReader::read(const fs::path& path) {
  State& s = *state_;
  s.source.open(path);
  std::size_t used = 0;
  for (;;) {
    const std::size_t room = s.room_behind(used, path);
    const std::size_t got = s.source.read(s.bytes.data() + used, room);
    if (got == 0) return {s.bytes.data(), used};
    used += got;
  }
}

void FileReader::read_lines(const fs::path& path, const std::function<void(std::string_view)>& line) {
  State& s = *state_;
  s.source.open(path);
  std::size_t used = 0;  // of a line whose end was not met yet
  for (;;) {
    const std::size_t room = s.room_behind(used, path);
    const std::size_t got = s.source.read(s.bytes.data() + used, room);
    if (got == 0) break;
    std::string_view rest(s.bytes.data(), used + got);
    for (std::size_t end = rest.find('\n', used); end != std::string_view::npos; end = rest.find('\n')) {
      line(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    used = rest.size();
    std::memmove(s.bytes.data(), rest.data(), used);
  }
  if (used > 0) line({s.bytes.data(), used});
}

std::string read_file(const fs::path& path) { return std::string(FileReader().read(path)); }

}  // namespace catchment::fhir
