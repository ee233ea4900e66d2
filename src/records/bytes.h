// Variable-length integers over a byte string: the alphabet of person blocks and of the spill files
// they are built from. Reading past the end or a number that does not fit throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace catchment::records {

inline std::uint64_t zigzag(std::int64_t v) { return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63); }
inline std::int64_t unzigzag(std::uint64_t v) { return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1); }

inline void put(std::string& out, std::uint64_t v) {
  while (v >= 0x80) {
    out += static_cast<char>(v | 0x80);
    v >>= 7;
  }
  out += static_cast<char>(v);
}
inline void put_signed(std::string& out, std::int64_t v) { put(out, zigzag(v)); }

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  bool done() const { return at_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  std::uint8_t byte() {
    if (at_ == end_) damaged();
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint64_t number() {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint64_t b = byte();
      v |= (b & 0x7F) << shift;
      if (b < 0x80) return v;
    }
    damaged();
  }
  std::int64_t signed_number() { return unzigzag(number()); }
  std::string_view bytes(std::size_t n) {
    if (n > left()) damaged();
    const std::string_view out(at_, n);
    at_ += n;
    return out;
  }
  [[noreturn]] static void damaged() {
    throw Error(ErrorKind::environment, "a person block is damaged", "rebuild the snapshot: catchment build --workspace DIR");
  }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace catchment::records
