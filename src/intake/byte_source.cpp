#include "intake/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/hash.h"

namespace catchment::intake {

namespace {

/// The file itself; hashes what passes.
class RawFile final : public ByteSource {
 public:
  explicit RawFile(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ >= 0) ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  ~RawFile() override {
    if (fd_ >= 0) ::close(fd_);
  }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  bool opened() const { return fd_ >= 0; }
  bool failed() const { return failed_; }
  std::uint64_t bytes() const { return bytes_; }
  std::string digest() { return to_hex(hash_.finish()); }

  std::size_t read(char* to, std::size_t size) override {
    if (fd_ < 0) return 0;
    while (true) {
      const auto n = ::read(fd_, to, size);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) failed_ = true;
      if (n <= 0) return 0;
      hash_.add({to, static_cast<std::size_t>(n)});
      bytes_ += static_cast<std::uint64_t>(n);
      return static_cast<std::size_t>(n);
    }
  }

 private:
  int fd_;
  bool failed_ = false;
  std::uint64_t bytes_ = 0;
  Sha256 hash_;
};

/// Bytes read ahead are given back first.
class Peeked final : public ByteSource {
 public:
  explicit Peeked(ByteSource& below) : below_(below) {
    while (head_.size() < 4) {
      char buffer[4];
      const std::size_t n = below_.read(buffer, 4 - head_.size());
      if (n == 0) break;
      head_.append(buffer, n);
    }
  }
  const std::string& head() const { return head_; }
  void drop(std::size_t n) { at_ = n; }
  std::size_t read(char* to, std::size_t size) override {
    if (at_ < head_.size()) {
      const std::size_t n = std::min(size, head_.size() - at_);
      std::memcpy(to, head_.data() + at_, n);
      at_ += n;
      return n;
    }
    return below_.read(to, size);
  }

 private:
  ByteSource& below_;
  std::string head_;
  std::size_t at_ = 0;
};

/// gzip, also of several members one after another.
class Gunzip final : public ByteSource {
 public:
  explicit Gunzip(ByteSource& below) : below_(below), in_(std::size_t{1} << 18) { ok_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }
  ~Gunzip() override { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  bool truncated() const { return truncated_; }

  std::size_t read(char* to, std::size_t size) override {
    if (!ok_) return 0;
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min(size, std::size_t{1} << 30));
    const auto asked = stream_.avail_out;
    while (stream_.avail_out == asked) {
      if (stream_.avail_in == 0 && !fill()) break;
      if (member_ended_) {
        inflateReset(&stream_);
        member_ended_ = false;
      }
      const int state = inflate(&stream_, Z_NO_FLUSH);
      if (state == Z_STREAM_END) {
        member_ended_ = true;
      } else if (state != Z_OK && state != Z_BUF_ERROR) {
        truncated_ = true;
        ok_ = false;
        break;
      }
    }
    return asked - stream_.avail_out;
  }

 private:
  bool fill() {
    const std::size_t n = below_.read(in_.data(), in_.size());
    if (n == 0) {
      if (!member_ended_) truncated_ = true;
      ok_ = false;
      return false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(in_.data());
    stream_.avail_in = static_cast<uInt>(n);
    return true;
  }

  ByteSource& below_;
  std::vector<char> in_;
  z_stream stream_{};
  bool ok_ = false;
  bool member_ended_ = false;
  bool truncated_ = false;
};

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

/// UTF-16 to UTF-8; a surrogate without its partner becomes U+FFFD.
class Utf16 final : public ByteSource {
 public:
  Utf16(ByteSource& below, bool big_endian) : below_(below), big_(big_endian), in_(std::size_t{1} << 16) {}
  std::size_t read(char* to, std::size_t size) override {
    while (at_ == out_.size()) {
      out_.clear();
      at_ = 0;
      const std::size_t n = below_.read(in_.data() + odd_, in_.size() - odd_);
      if (n == 0) return 0;
      const std::size_t have = n + odd_;
      for (std::size_t i = 0; i + 1 < have; i += 2) unit(i);
      odd_ = have % 2;
      if (odd_ == 1) in_[0] = in_[have - 1];
    }
    const std::size_t n = std::min(size, out_.size() - at_);
    std::memcpy(to, out_.data() + at_, n);
    at_ += n;
    return n;
  }

 private:
  void unit(std::size_t i) {
    const auto a = static_cast<unsigned char>(in_[i]);
    const auto b = static_cast<unsigned char>(in_[i + 1]);
    const auto u = static_cast<std::uint32_t>(big_ ? (a << 8 | b) : (b << 8 | a));
    if (high_ != 0) {
      if (u >= 0xDC00 && u < 0xE000) {
        append_utf8(out_, 0x10000 + ((high_ - 0xD800) << 10) + (u - 0xDC00));
        high_ = 0;
        return;
      }
      append_utf8(out_, 0xFFFD);
      high_ = 0;
    }
    if (u >= 0xD800 && u < 0xDC00) high_ = u;
    else append_utf8(out_, u >= 0xDC00 && u < 0xE000 ? 0xFFFD : u);
  }

  ByteSource& below_;
  bool big_;
  std::vector<char> in_;
  std::size_t odd_ = 0;
  std::string out_;
  std::size_t at_ = 0;
  std::uint32_t high_ = 0;
};

}  // namespace

struct FileReader::State {
  std::unique_ptr<RawFile> file;
  std::unique_ptr<Peeked> packed;
  std::unique_ptr<Gunzip> gunzip;
  std::unique_ptr<Peeked> text;
  std::unique_ptr<Utf16> utf16;
  ByteSource* top = nullptr;
};

FileReader::FileReader(const std::filesystem::path& path, const std::string& encoding) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.file = std::make_unique<RawFile>(path);
  s.packed = std::make_unique<Peeked>(*s.file);
  ByteSource* bytes = s.packed.get();
  if (s.packed->head().starts_with("\x1f\x8b")) {
    s.gunzip = std::make_unique<Gunzip>(*s.packed);
    bytes = s.gunzip.get();
  }
  s.text = std::make_unique<Peeked>(*bytes);
  s.top = s.text.get();
  const std::string& head = s.text->head();
  bool wide = encoding == "utf-16";
  bool big = false;
  if (head.starts_with("\xEF\xBB\xBF")) {
    s.text->drop(3);
  } else if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
    wide = true;
    big = head[0] == '\xFE';
    s.text->drop(2);
  } else if (encoding.empty() && head.size() == 4 && head[0] != '\0' && head[1] == '\0' && head[2] != '\0' && head[3] == '\0') {
    wide = true;
  }
  if (wide) {
    s.utf16 = std::make_unique<Utf16>(*s.text, big);
    s.top = s.utf16.get();
  }
}

FileReader::~FileReader() = default;
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;

bool FileReader::opened() const { return state_->file->opened(); }
bool FileReader::cut_short() const { return state_->gunzip != nullptr && state_->gunzip->truncated(); }
std::size_t FileReader::read(char* to, std::size_t size) { return state_->top->read(to, size); }

FileFacts FileReader::finish() {
  std::vector<char> buffer(std::size_t{1} << 18);
  while (state_->file->read(buffer.data(), buffer.size()) > 0) {}
  FileFacts facts;
  facts.bytes = state_->file->bytes();
  facts.failed = state_->file->failed();
  facts.truncated = state_->gunzip != nullptr && state_->gunzip->truncated();
  facts.sha256 = state_->file->digest();
  return facts;
}

std::string hash_of_file(const std::filesystem::path& path) {
  RawFile file(path);
  if (!file.opened()) return {};
  std::vector<char> buffer(std::size_t{1} << 18);
  while (file.read(buffer.data(), buffer.size()) > 0) {}
  return file.failed() ? std::string{} : file.digest();
}

}  // namespace catchment::intake
