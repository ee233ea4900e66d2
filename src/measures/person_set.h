// A compressed set of persons, by their place in the snapshot's order of persons.
// In: places in any order. Out: counts, intersections, bytes. Always: bytes read back give the same set; bytes that
// are not a set are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::measures {

class PersonSet {
 public:
  PersonSet();
  ~PersonSet();
  PersonSet(PersonSet&&) noexcept;
  PersonSet& operator=(PersonSet&&) noexcept;

  void add(std::span<const std::uint32_t> places);
  void add(const PersonSet& other);
  bool contains(std::uint32_t place) const;
  std::uint64_t count() const;
  /// How many are in both.
  std::uint64_t count_with(const PersonSet& other) const;
  std::vector<std::uint32_t> places() const;  // ascending
  /// Runs are stored as runs. The same set gives the same bytes.
  std::string bytes();
  static std::optional<PersonSet> from_bytes(std::string_view bytes);

 private:
  struct Bitmap;
  std::unique_ptr<Bitmap> bitmap_;
};

}  // namespace catchment::measures
