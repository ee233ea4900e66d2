#include "linkage/person/lookup_people.h"

#include <algorithm>

#include "base/error.h"
#include "base/random.h"

namespace catchment::linkage {
namespace {

void put_number(std::uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
}

[[noreturn]] void damaged_person() {
  throw Error(ErrorKind::environment, "what was kept for looking people up is damaged", "build the snapshot again: catchment build --workspace DIR");
}

class PersonBytes {
 public:
  explicit PersonBytes(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(text(1)[0]);
      out |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) return out;
    }
    damaged_person();
  }
  std::string_view text(std::uint64_t length) {
    if (length > bytes_.size()) damaged_person();
    const std::string_view out = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return out;
  }
  bool done() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

}  // namespace

// A text is its length doubled and its bytes; one that an earlier row of the person says in the same field is that row's place, doubled and one more.
void pack_person(const LookupPerson& person, std::string& out) {
  put_number(static_cast<std::uint64_t>(person.person.value), out);
  put_number(person.by_number_only ? 1 : 0, out);
  put_number(person.said.size(), out);
  for (std::size_t i = 0; i < person.said.size(); ++i) {
    const LookupSaid& one = person.said[i];
    put_number(one.number, out), put_number(one.flags, out), put_number(one.rows, out);
    for (std::size_t f = 0; f < identity_fields; ++f) {
      std::size_t before = 0;
      while (before < i && (one.texts[f].empty() || person.said[before].texts[f] != one.texts[f])) ++before;
      put_number(before < i ? 2 * before + 1 : 2 * one.texts[f].size(), out);
      if (before == i) out += one.texts[f];
    }
  }
}

LookupPerson unpack_person(std::string_view packed) {
  PersonBytes bytes(packed);
  LookupPerson out;
  out.person.value = static_cast<std::int64_t>(bytes.number());
  out.by_number_only = bytes.number() != 0;
  const std::uint64_t count = bytes.number();
  if (count > packed.size()) damaged_person();
  for (std::uint64_t i = 0; i < count; ++i) {
    LookupSaid one;
    one.number = bytes.number(), one.flags = static_cast<std::uint16_t>(bytes.number()), one.rows = static_cast<std::uint32_t>(bytes.number());
    for (std::size_t f = 0; f < identity_fields; ++f) {
      const std::uint64_t said = bytes.number();
      if (said % 2 != 0 && said / 2 >= i) damaged_person();
      one.texts[f] = said % 2 != 0 ? out.said[said / 2].texts[f] : bytes.text(said / 2);
    }
    out.said.push_back(one);
  }
  if (!bytes.done()) damaged_person();
  return out;
}

std::uint32_t number_key(std::uint64_t number) { return std::max(1U, static_cast<std::uint32_t>(mix64(number))); }

}  // namespace catchment::linkage
