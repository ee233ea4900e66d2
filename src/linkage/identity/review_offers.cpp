#include "linkage/identity/review_offers.h"

#include <algorithm>

namespace catchment::linkage {
namespace {

constexpr double most_for_review = 0.005;  // of rows; the heaviest are kept
constexpr std::size_t always_for_review = 1000;

}  // namespace

std::size_t ReviewOffers::most() const {
  return std::max(always_for_review, static_cast<std::size_t>(most_for_review * static_cast<double>(known_.table.size())));
}

void ReviewOffers::offer(std::uint32_t a, std::uint32_t b, float weight, PersonSearch::Story why) {
  if (known_.row_of(b) < known_.row_of(a)) std::swap(a, b);
  Offer& one = offers_.emplace_back();
  one.edge = {known_.row_of(a), known_.row_of(b), weight, EdgeReason::likeness};
  one.story = {known_.rows_said(a), known_.rows_said(b), std::move(why.parts), why.held_back.empty() ? "not-certain-enough" : std::move(why.held_back),
               joined_.undecided(a, b)};
}

// Reviewers are few: the pairs most likely to be one person are kept, the rest counted.
std::vector<std::uint32_t> ReviewOffers::keep_likeliest(LinkResult& result) {
  std::vector<std::uint32_t> place(known_.table.size());
  for (std::uint32_t p = 0; p < known_.order.size(); ++p) place[known_.order[p]] = p;
  const auto root_of = [&](std::uint32_t row) { return joined_.root(known_.units.of_subject[known_.subjects.of_row[row]]); };
  std::erase_if(offers_, [&](const Offer& offer) { return root_of(offer.edge.a) == root_of(offer.edge.b); });  // joined after all
  std::sort(offers_.begin(), offers_.end(), [&](const Offer& x, const Offer& y) {
    if (x.edge.weight != y.edge.weight) return x.edge.weight > y.edge.weight;
    return std::minmax(place[x.edge.a], place[x.edge.b]) < std::minmax(place[y.edge.a], place[y.edge.b]);
  });
  const std::size_t kept = std::min(most(), offers_.size());
  result.review_left_out = offers_.size() - kept;
  std::vector<std::uint32_t> left_out;
  for (std::size_t i = 0; i < offers_.size(); ++i) {
    const Edge& pair = offers_[i].edge;
    if (i < kept) {
      result.review.push_back(pair);
      result.stories.push_back(std::move(offers_[i].story));
    } else {
      for (const std::uint32_t row : {pair.a, pair.b}) left_out.push_back(row);
    }
  }
  std::sort(left_out.begin(), left_out.end());
  left_out.erase(std::unique(left_out.begin(), left_out.end()), left_out.end());
  return left_out;
}

}  // namespace catchment::linkage
