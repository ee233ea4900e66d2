#include "linkage/tables/normalised_texts.h"

namespace catchment::linkage {

std::vector<TextId> NormalisedTexts::take_into(Dictionary& into) && {
  constexpr std::size_t ahead = 16;
  std::vector<TextId> out;
  out.reserve(from_->size());
  for (Piece& piece : pieces_) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < piece.ends.size(); ++i) {
      if (i + ahead < piece.hashes.size()) into.fetch_slot(piece.hashes[i + ahead]);
      out.push_back(into.add(std::string_view(piece.bytes).substr(start, piece.ends[i] - start), piece.hashes[i]));
      start = piece.ends[i];
    }
    piece = {};
  }
  return out;
}

}  // namespace catchment::linkage
