#include "measures/person_set.h"

#include <roaring/roaring.h>

#include <new>

namespace catchment::measures {

struct PersonSet::Bitmap {
  explicit Bitmap(roaring_bitmap_t* taken) : set(taken) {
    if (set == nullptr) throw std::bad_alloc();
  }
  ~Bitmap() { roaring_bitmap_free(set); }
  Bitmap(const Bitmap&) = delete;
  Bitmap& operator=(const Bitmap&) = delete;
  roaring_bitmap_t* set;
};

PersonSet::PersonSet() : bitmap_(std::make_unique<Bitmap>(roaring_bitmap_create())) {}
PersonSet::~PersonSet() = default;
PersonSet::PersonSet(PersonSet&&) noexcept = default;
PersonSet& PersonSet::operator=(PersonSet&&) noexcept = default;

void PersonSet::add(std::span<const std::uint32_t> places) {
  if (!places.empty()) roaring_bitmap_add_many(bitmap_->set, places.size(), places.data());
}

void PersonSet::add(const PersonSet& other) { roaring_bitmap_or_inplace(bitmap_->set, other.bitmap_->set); }

bool PersonSet::contains(std::uint32_t place) const { return roaring_bitmap_contains(bitmap_->set, place); }

std::uint64_t PersonSet::count() const { return roaring_bitmap_get_cardinality(bitmap_->set); }

std::uint64_t PersonSet::count_with(const PersonSet& other) const { return roaring_bitmap_and_cardinality(bitmap_->set, other.bitmap_->set); }

std::vector<std::uint32_t> PersonSet::places() const {
  std::vector<std::uint32_t> all(count());
  if (!all.empty()) roaring_bitmap_to_uint32_array(bitmap_->set, all.data());
  return all;
}

std::string PersonSet::bytes() {
  roaring_bitmap_run_optimize(bitmap_->set);
  std::string text(roaring_bitmap_portable_size_in_bytes(bitmap_->set), '\0');
  roaring_bitmap_portable_serialize(bitmap_->set, text.data());
  return text;
}

std::optional<PersonSet> PersonSet::from_bytes(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;  // not even the head of an empty set
  if (roaring_bitmap_portable_deserialize_size(bytes.data(), bytes.size()) != bytes.size()) return std::nullopt;
  roaring_bitmap_t* set = roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size());
  if (set == nullptr) return std::nullopt;
  PersonSet read;
  read.bitmap_ = std::make_unique<Bitmap>(set);
  return read;
}

}  // namespace catchment::measures
