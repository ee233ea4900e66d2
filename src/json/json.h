// json: the only code that sees the JSON library.
// In: UTF-8 bytes. Out: a Document of read-only Values, or text built by Writer.
// Always holds: numbers keep the text they were written with (FHIR decimals are exact); depth and size
// are bounded (Limits); a Value lives as long as its Document; bad JSON is an optional without a value
// and a message with the byte offset, never a crash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::json {

inline constexpr std::size_t maximum_depth = 256;
inline constexpr std::size_t maximum_bytes = std::size_t{256} << 20;
/// Bytes that must be readable behind a text that is read where it stands; what they hold does not matter.
inline constexpr std::size_t padding = 64;

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

namespace detail {
struct Node {
  Kind kind = Kind::null;
  bool boolean = false;
  std::uint32_t first = 0;  // index of the first child
  std::uint32_t count = 0;  // children of an array or object
  std::string_view key;     // within an object
  std::string_view text;    // string content, number text, or the raw JSON of an array or object
};
}  // namespace detail

/// One JSON value. Cheap to copy. A default-constructed Value is null.
class Value {
 public:
  Value() = default;
  Value(const detail::Node* nodes, std::uint32_t index) : nodes_(nodes), index_(index) {}

  Kind kind() const { return nodes_ == nullptr ? Kind::null : node().kind; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_object() const { return kind() == Kind::object; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_number() const { return kind() == Kind::number; }
  bool is_boolean() const { return kind() == Kind::boolean; }

  /// Content of a string, or "" for anything else.
  std::string_view string() const { return is_string() ? node().text : std::string_view{}; }
  /// The number as written ("1.50"), or "".
  std::string_view number_text() const { return is_number() ? node().text : std::string_view{}; }
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;
  bool boolean() const { return is_boolean() && node().boolean; }

  /// Children of an array or members of an object; 0 for anything else.
  std::size_t size() const { return is_array() || is_object() ? node().count : 0; }
  Value at(std::size_t i) const { return Value(nodes_, node().first + static_cast<std::uint32_t>(i)); }
  /// The member's name when this value is an object's member.
  std::string_view key() const { return nodes_ == nullptr ? std::string_view{} : node().key; }
  /// The member of that name, or a null Value.
  Value operator[](std::string_view name) const;
  bool has(std::string_view name) const { return !(*this)[name].is_null(); }
  /// The bytes of an object or array as they stood in the input.
  std::string_view raw() const { return is_array() || is_object() ? node().text : std::string_view{}; }

  class Iterator {
   public:
    Iterator(const detail::Node* nodes, std::uint32_t index) : nodes_(nodes), index_(index) {}
    Value operator*() const { return Value(nodes_, index_); }
    Iterator& operator++() { return ++index_, *this; }
    bool operator!=(const Iterator& o) const { return index_ != o.index_; }

   private:
    const detail::Node* nodes_;
    std::uint32_t index_;
  };
  Iterator begin() const { return Iterator(nodes_, size() == 0 ? 0 : node().first); }
  Iterator end() const { return Iterator(nodes_, size() == 0 ? 0 : node().first + node().count); }

 private:
  const detail::Node& node() const { return nodes_[index_]; }
  const detail::Node* nodes_ = nullptr;
  std::uint32_t index_ = 0;
};

struct Fault {
  std::string message;
  std::size_t offset = 0;
};

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  Value root() const;

 private:
  friend class Parser;
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads one document after another; keeps its buffers between calls. Not for two threads at once.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  /// The document, or nothing and `fault` filled in. The bytes are copied.
  std::optional<Document> parse(std::string_view bytes, Fault& fault);
  /// As parse, into a document whose memory is used again.
  bool parse_into(Document& document, std::string_view bytes, Fault& fault);
  /// The texts of these members of an object as they stand in `bytes`, the first of each name (names written
  /// without escapes), empty for one that is not there: for a look at what a document is. Reading stops when
  /// all were met, so that what follows is not checked. `bytes` have `padding` behind them. False when it is
  /// no object or bad JSON.
  bool members(std::string_view bytes, std::span<const std::string_view> names, std::span<std::string_view> texts);

 private:
  friend class Collection;
  struct State;
  std::unique_ptr<State> state_;
};

/// Documents kept together: one costs its bytes and nodes, no memory of its own. Values live as long as the
/// collection.
class Collection {
 public:
  Collection();
  ~Collection();
  Collection(Collection&&) noexcept;
  Collection& operator=(Collection&&) noexcept;

  /// Keeps a copy of the bytes and their document; null and `fault` filled in when it cannot be read.
  Value add(Parser& parser, std::string_view bytes, Fault& fault);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes JSON text. Calls must nest properly; commas are placed for you.
class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t value);
  Writer& number(double value);           // shortest text that reads back the same; null when not finite
  Writer& number_text(std::string_view);  // already a JSON number
  Writer& boolean(bool value);
  Writer& null();
  Writer& raw(std::string_view json);  // already JSON, spliced as it is

  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  void before_value();
  std::string text_;
  std::vector<bool> has_items_;
  bool after_key_ = false;
};

/// The text as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD.
std::string quoted(std::string_view text);

}  // namespace catchment::json
