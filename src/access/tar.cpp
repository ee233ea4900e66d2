#include "access/tar.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace catchment::access {

namespace {

constexpr std::size_t block = 512;
using Header = std::array<char, block>;

unsigned checksum(const Header& header) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < block; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
  return sum;
}

void put(Header& header, std::size_t at, std::string_view text) { std::memcpy(header.data() + at, text.data(), text.size()); }

std::optional<std::uint64_t> octal(std::string_view text) {
  std::uint64_t value = 0;
  bool any = false;
  for (const char c : text) {
    if (c == ' ' || c == '\0') {
      if (any) break;
      continue;
    }
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
    any = true;
  }
  if (!any) return std::nullopt;
  return value;
}

[[noreturn]] void damaged(const std::string& what) { throw Error(ErrorKind::user, "the backup is damaged: " + what, "use another copy; nothing was changed"); }

}  // namespace

TarWriter::TarWriter(const std::filesystem::path& file) {
  descriptor_ = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor_ < 0)
    throw Error(ErrorKind::environment, fmt::format("{} could not be created: {}", file.filename().string(), std::strerror(errno)),
                "check that the folder exists and may be written");
}

TarWriter::~TarWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TarWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(descriptor_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0)
      throw Error(ErrorKind::environment, std::string("the backup could not be written: ") + std::strerror(errno), "free space, or write it elsewhere");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

void TarWriter::add(const std::string& name, std::uint64_t bytes, std::int64_t seconds, const std::function<std::string_view()>& next_part) {
  if (name.size() > 99 || bytes > 077777777777ULL) throw Error(ErrorKind::environment, "a file is too large or its name too long for a backup");
  Header header{};
  put(header, 0, name);
  put(header, 100, "0000600");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, fmt::format("{:011o}", bytes));
  put(header, 136, fmt::format("{:011o}", seconds < 0 ? 0 : seconds));
  header[156] = '0';
  put(header, 257, std::string_view("ustar\00000", 8));
  put(header, 148, fmt::format("{:06o}", checksum(header)));
  header[155] = ' ';
  write({header.data(), block});
  std::uint64_t written = 0;
  for (std::string_view part = next_part(); !part.empty(); part = next_part()) {
    write(part);
    written += part.size();
  }
  if (written != bytes) throw Error(ErrorKind::environment, "a file changed while it was copied", "try again");
  if (bytes % block != 0) write(std::string(block - bytes % block, '\0'));
}

void TarWriter::finish() {
  write(std::string(2 * block, '\0'));
  if (::fsync(descriptor_) != 0) throw Error(ErrorKind::environment, "the backup could not be brought to disk");
}

TarReader::TarReader(const std::filesystem::path& file) : in_(file, std::ios::binary) {
  if (!in_ || std::filesystem::is_directory(file))
    throw Error(ErrorKind::user, file.filename().string() + " cannot be read", "give a file that catchment backup wrote");
}

std::optional<TarMember> TarReader::next() {
  while (!part().empty()) {}
  Header header{};
  if (!in_.read(header.data(), block)) damaged("it ends too soon");
  bool blank = true;
  for (const char c : header) blank = blank && c == '\0';
  if (blank) return std::nullopt;
  const auto sum = octal({header.data() + 148, 8});
  const auto size = octal({header.data() + 124, 12});
  if (std::memcmp(header.data() + 257, "ustar", 5) != 0 || !sum || *sum != checksum(header) || !size || (header[156] != '0' && header[156] != '\0'))
    damaged("a header is not one of ours");
  TarMember member{std::string(header.data(), strnlen(header.data(), 100)), *size};
  left_ = member.bytes;
  padding_ = (block - member.bytes % block) % block;
  return member;
}

std::string_view TarReader::part() {
  if (left_ == 0) {
    if (padding_ > 0) in_.ignore(static_cast<std::streamsize>(padding_));
    padding_ = 0;
    return {};
  }
  buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left_, 1 << 20)));
  if (!in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()))) damaged("it ends too soon");
  left_ -= buffer_.size();
  return buffer_;
}

}  // namespace catchment::access
