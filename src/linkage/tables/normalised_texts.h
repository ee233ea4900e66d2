// The texts of a column as they are compared: made side by side in pieces, then taken into a dictionary in their order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkage/tables/dictionary.h"

namespace catchment::linkage {

class NormalisedTexts {
 public:
  explicit NormalisedTexts(const Dictionary& from) : from_(&from), pieces_((from.size() + texts_a_piece - 1) / texts_a_piece) {}

  std::size_t pieces() const { return pieces_.size(); }
  /// Makes one piece; `read(text)` gives the form a text is compared in. Pieces may be made by several threads.
  template <typename Read>
  void make(std::size_t piece, const Read& read) {
    Piece& into = pieces_[piece];
    const std::size_t first = piece * texts_a_piece, last = std::min(from_->size(), first + texts_a_piece);
    into.ends.reserve(last - first), into.hashes.reserve(last - first);
    for (std::size_t id = first; id < last; ++id) {
      const std::string text = id == 0 ? std::string() : read(from_->text(static_cast<TextId>(id)));
      into.bytes += text;
      into.ends.push_back(into.bytes.size());
      into.hashes.push_back(hash_text(text));
    }
  }
  /// The id in `into` of each text there was; all pieces must be made.
  std::vector<TextId> take_into(Dictionary& into) &&;

 private:
  static constexpr std::size_t texts_a_piece = 1U << 14;
  struct Piece {
    std::string bytes;
    std::vector<std::size_t> ends;
    std::vector<std::uint64_t> hashes;
  };
  const Dictionary* from_;
  std::vector<Piece> pieces_;
};

}  // namespace catchment::linkage
