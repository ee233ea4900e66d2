// The little of Thrift's compact protocol that Parquet's page headers and footer need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::synth {

inline void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) out.push_back(static_cast<char>(value | 0x80)), value >>= 7;
  out.push_back(static_cast<char>(value));
}

class Thrift {
 public:
  enum Element : std::uint8_t { integer = 5, binary = 8, structure = 12 };

  explicit Thrift(std::string& out) : out_(out), last_{0} {}

  void i32(int field, std::int32_t value) { head(field, 5), zigzag(value); }
  void i64(int field, std::int64_t value) { head(field, 6), zigzag(value); }
  void text(int field, std::string_view value) { head(field, 8), bare_text(value); }
  /// A structure in a field; close it with end().
  void begin(int field) { head(field, 12), last_.push_back(0); }
  /// A structure as the next element of a list; close it with end().
  void element() { last_.push_back(0); }
  void end() { out_.push_back('\0'), last_.pop_back(); }
  /// The end of the outermost structure.
  void stop() { out_.push_back('\0'); }
  void list(int field, Element kind, std::size_t count) {
    head(field, 9);
    if (count < 15) {
      out_.push_back(static_cast<char>((count << 4) | kind));
    } else {
      out_.push_back(static_cast<char>(0xf0 | kind));
      put_varint(out_, count);
    }
  }
  void bare_i32(std::int32_t value) { zigzag(value); }
  void bare_text(std::string_view value) { put_varint(out_, value.size()), out_.append(value); }

 private:
  void head(int field, int kind) {
    const int step = field - last_.back();
    if (step > 0 && step < 16) {
      out_.push_back(static_cast<char>((step << 4) | kind));
    } else {
      out_.push_back(static_cast<char>(kind));
      zigzag(field);
    }
    last_.back() = field;
  }
  void zigzag(std::int64_t value) { put_varint(out_, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63)); }

  std::string& out_;
  std::vector<int> last_;
};

}  // namespace catchment::synth
