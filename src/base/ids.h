// Strong ids that cross module doors. They compare and hash; they do not convert and do not print.
// PersonId has no printer on purpose: it cannot reach a log, a URL or an error text.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace catchment {

template <typename Tag, typename Number = std::int64_t>
struct Id {
  Number value{};
  auto operator<=>(const Id&) const = default;
};

using PersonId = Id<struct PersonTag, std::int64_t>;
using CodeId = Id<struct CodeTag, std::int32_t>;
using OrganisationId = Id<struct OrganisationTag, std::int32_t>;
using SourceId = Id<struct SourceTag, std::int32_t>;

}  // namespace catchment

template <typename Tag, typename Number>
struct std::hash<catchment::Id<Tag, Number>> {
  std::size_t operator()(const catchment::Id<Tag, Number>& id) const noexcept { return std::hash<Number>{}(id.value); }
};
