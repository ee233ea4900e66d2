#include <simdjson.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>

#include "json/json.h"

namespace catchment::json {

using detail::Node;
namespace od = simdjson::ondemand;

struct Document::State {
  std::string bytes;                // the input and the library's padding
  std::vector<Node> nodes;          // node 0 is the root; children of one value stand together
  std::unique_ptr<char[]> strings;  // unescaped text, as long as the input, so that views stay valid
  std::size_t strings_size = 0;

  char* room_for_strings(std::size_t length) {
    if (strings_size < length) {
      strings = std::make_unique_for_overwrite<char[]>(length);
      strings_size = length;
    }
    return strings.get();
  }
};

struct Parser::State {
  od::parser parser;
  std::vector<Node> level;  // children of values still open
  std::vector<Node> nodes;  // of a document on its way into a collection
};

Document::Document() : state_(std::make_unique<State>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Value Document::root() const { return state_->nodes.empty() ? Value() : Value(state_->nodes.data(), 0); }

Parser::Parser() : state_(std::make_unique<State>()) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

namespace {

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

// Turns the library's forward-only values into nodes that can be read in any order. Text views the input, or
// `strings` where it had to be unescaped.
class Builder {
 public:
  Builder(std::vector<Node>& nodes, std::vector<Node>& level, char* strings, od::document& document, const char* end)
      : nodes_(nodes), level_(level), strings_(strings), document_(document), end_(end) {}

  simdjson::error_code fill(od::value value, Node& node, std::size_t depth) {
    if (depth > maximum_depth) return simdjson::DEPTH_ERROR;
    od::json_type type;
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case od::json_type::object: return object(value, node, depth);
      case od::json_type::array: return array(value, node, depth);
      case od::json_type::string: return string(value, node);
      case od::json_type::number: {
        node.text = trimmed(value.raw_json_token());
        node.kind = Kind::number;
        double checked = 0;  // asked for so that the library checks the number's grammar
        return value.get_double().get(checked);
      }
      case od::json_type::boolean: node.kind = Kind::boolean; return value.get_bool().get(node.boolean);
      case od::json_type::null: {
        bool null = false;
        if (const auto error = value.is_null().get(null)) return error;
        return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
      }
    }
    return simdjson::TAPE_ERROR;
  }

  char* strings() const { return strings_; }

 private:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* at = strings_;
    std::memcpy(at, text.data(), text.size());
    strings_ += text.size();
    return {at, text.size()};
  }

  simdjson::error_code string(od::value value, Node& node) {
    node.kind = Kind::string;
    const std::string_view token = trimmed(value.raw_json_token());
    if (token.size() >= 2 && std::memchr(token.data(), '\\', token.size()) == nullptr) {
      node.text = token.substr(1, token.size() - 2);
      od::raw_json_string read;
      return value.get_raw_json_string().get(read);
    }
    std::string_view text;
    if (const auto error = value.get_string().get(text)) return error;
    node.text = keep(text);
    return simdjson::SUCCESS;
  }

  template <typename Field>
  simdjson::error_code key(Field& field, Node& child) {
    od::raw_json_string raw;
    if (const auto error = field.key().get(raw)) return error;
    const char* at = raw.raw();
    while (*at != '"' && *at != '\\') ++at;
    if (*at == '"') {
      child.key = {raw.raw(), static_cast<std::size_t>(at - raw.raw())};
      return simdjson::SUCCESS;
    }
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) return error;
    child.key = keep(name);
    return simdjson::SUCCESS;
  }

  // From the opening bracket to the last closing one before the next token.
  std::string_view span_of(const char* start, char closing) {
    const char* stop = end_;
    if (document_.current_location().get(stop) != simdjson::SUCCESS || stop > end_) stop = end_;
    while (stop > start && stop[-1] != closing) --stop;
    return {start, static_cast<std::size_t>(stop - start)};
  }

  simdjson::error_code object(od::value value, Node& node, std::size_t depth) {
    const char* start = value.raw_json_token().data();
    const std::size_t mark = level_.size();
    od::object fields;
    if (const auto error = value.get_object().get(fields)) return error;
    for (auto field : fields) {
      Node child;
      if (const auto error = key(field, child)) return error;
      od::value inner;
      if (const auto error = field.value().get(inner)) return error;
      if (const auto error = fill(inner, child, depth + 1)) return error;
      level_.push_back(child);
    }
    node.text = span_of(start, '}');
    close(node, Kind::object, mark);
    return simdjson::SUCCESS;
  }

  simdjson::error_code array(od::value value, Node& node, std::size_t depth) {
    const char* start = value.raw_json_token().data();
    const std::size_t mark = level_.size();
    od::array elements;
    if (const auto error = value.get_array().get(elements)) return error;
    for (auto element : elements) {
      Node child;
      od::value inner;
      if (const auto error = element.get(inner)) return error;
      if (const auto error = fill(inner, child, depth + 1)) return error;
      level_.push_back(child);
    }
    node.text = span_of(start, ']');
    close(node, Kind::array, mark);
    return simdjson::SUCCESS;
  }

  void close(Node& node, Kind kind, std::size_t mark) {
    node.kind = kind;
    node.first = static_cast<std::uint32_t>(nodes_.size());
    node.count = static_cast<std::uint32_t>(level_.size() - mark);
    nodes_.insert(nodes_.end(), level_.begin() + static_cast<std::ptrdiff_t>(mark), level_.end());
    level_.resize(mark);
  }

  std::vector<Node>& nodes_;
  std::vector<Node>& level_;
  char* strings_;
  od::document& document_;
  const char* end_;
};

// A scalar document is read as the one element of an array: the library's documents and values differ.
bool is_container(std::string_view bytes) {
  const std::size_t at = bytes.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && (bytes[at] == '{' || bytes[at] == '[');
}

// The document at `bytes`, which have padding behind them: nodes with the root first. `strings` has room for
// as many bytes and is moved behind those used.
bool build(od::parser& parser, std::string_view bytes, std::vector<Node>& nodes, std::vector<Node>& level, char*& strings, Fault& fault) {
  nodes.clear();
  level.clear();
  od::document source;
  auto error = parser.iterate(bytes.data(), bytes.size(), bytes.size() + padding).get(source);
  Node root;
  nodes.emplace_back();
  if (error == simdjson::SUCCESS) {
    od::value value;
    error = source.get_value().get(value);
    if (error == simdjson::SUCCESS) {
      Builder builder(nodes, level, strings, source, bytes.data() + bytes.size());
      error = builder.fill(value, root, 0);
      strings = builder.strings();
    }
    const char* next = nullptr;
    if (error == simdjson::SUCCESS && source.current_location().get(next) == simdjson::SUCCESS) error = simdjson::TRAILING_CONTENT;
  }
  if (error == simdjson::SUCCESS) {
    nodes[0] = root;
    return true;
  }
  const char* where = nullptr;
  std::size_t offset = 0;
  if (source.is_alive() && source.current_location().get(where) == simdjson::SUCCESS && where >= bytes.data() && where <= bytes.data() + bytes.size())
    offset = static_cast<std::size_t>(where - bytes.data());
  fault = {simdjson::error_message(error), offset};
  nodes.clear();
  return false;
}

constexpr const char* too_large = "the JSON document is larger than 256 MB";

}  // namespace

bool Parser::parse_into(Document& document, std::string_view bytes, Fault& fault) {
  Document::State& s = *document.state_;
  s.nodes.clear();
  if (bytes.size() > maximum_bytes) {
    fault = {too_large, 0};
    return false;
  }
  const bool wrap = !is_container(bytes);
  s.bytes.clear();
  s.bytes.reserve(bytes.size() + 2 + padding);
  if (wrap) s.bytes += '[';
  s.bytes.append(bytes);
  if (wrap) s.bytes += ']';
  const std::size_t length = s.bytes.size();
  s.bytes.append(padding, '\0');
  char* strings = s.room_for_strings(length);
  if (!build(state_->parser, std::string_view(s.bytes).substr(0, length), s.nodes, state_->level, strings, fault)) {
    if (wrap && fault.offset > 0) --fault.offset;
    return false;
  }
  if (!wrap) return true;
  if (s.nodes[0].count != 1) {
    fault = {"the document is empty or holds more than one value", 0};
    s.nodes.clear();
    return false;
  }
  s.nodes[0] = Node(s.nodes[s.nodes[0].first]);
  return true;
}

std::optional<Document> Parser::parse(std::string_view bytes, Fault& fault) {
  Document document;
  if (!parse_into(document, bytes, fault)) return std::nullopt;
  return document;
}

namespace {

// The text of a value, passed over without being read.
simdjson::error_code text_of(od::value value, std::string_view& text) {
  od::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == od::json_type::object) {
    od::object object;
    if (const auto error = value.get_object().get(object)) return error;
    if (const auto error = object.raw_json().get(text)) return error;
    text = trimmed(text);
    return simdjson::SUCCESS;
  }
  if (type == od::json_type::array) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return error;
    if (const auto error = array.raw_json().get(text)) return error;
    text = trimmed(text);
    return simdjson::SUCCESS;
  }
  text = trimmed(value.raw_json_token());
  return simdjson::SUCCESS;
}

}  // namespace

bool Parser::members(std::string_view bytes, std::span<const std::string_view> names, std::span<std::string_view> texts) {
  std::fill(texts.begin(), texts.end(), std::string_view());
  if (bytes.size() > maximum_bytes || !is_container(bytes)) return false;
  od::document document;
  od::object fields;
  if (state_->parser.iterate(bytes.data(), bytes.size(), bytes.size() + padding).get(document) != simdjson::SUCCESS ||
      document.get_object().get(fields) != simdjson::SUCCESS)
    return false;
  std::size_t met = 0;
  for (auto field : fields) {
    od::raw_json_string key;
    if (field.key().get(key) != simdjson::SUCCESS) return false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!texts[i].empty() || !key.unsafe_is_equal(names[i])) continue;
      od::value value;
      if (field.value().get(value) != simdjson::SUCCESS || text_of(value, texts[i]) != simdjson::SUCCESS) return false;
      ++met;
      break;
    }
    if (met == names.size()) break;
  }
  return true;
}

// Memory handed out from pieces, which stay where they are and grow to the system's large pages: a first
// touch of each small page costs more than what is written to it.
template <typename T>
class Pieces {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  T* take(std::size_t count) {
    if (count > left_) {
      const std::size_t bytes = std::max(count * sizeof(T), size_);
      size_ = std::min(size_ * 2, large_page);
      const std::size_t whole = (bytes + large_page - 1) / large_page * large_page;
      const bool is_large = bytes >= large_page;
      pieces_.emplace_back(is_large ? std::aligned_alloc(large_page, whole) : std::malloc(bytes), std::free);
      if (!pieces_.back()) throw std::bad_alloc();
      if (is_large) madvise(pieces_.back().get(), whole, MADV_HUGEPAGE);  // where it is refused, small pages do
      next_ = static_cast<T*>(pieces_.back().get());
      left_ = (is_large ? whole : bytes) / sizeof(T);
    }
    T* const taken = next_;
    next_ += count;
    left_ -= count;
    return taken;
  }
  /// The last `count` of what was taken last were not needed.
  void give_back(std::size_t count) {
    next_ -= count;
    left_ += count;
  }

 private:
  static constexpr std::size_t large_page = std::size_t{2} << 20;
  std::size_t size_ = std::size_t{1} << 14;
  std::vector<std::unique_ptr<void, void (*)(void*)>> pieces_;
  T* next_ = nullptr;
  std::size_t left_ = 0;
};

struct Collection::State {
  Pieces<char> text;
  Pieces<Node> nodes;
};

Collection::Collection() : state_(std::make_unique<State>()) {}
Collection::~Collection() = default;
Collection::Collection(Collection&&) noexcept = default;
Collection& Collection::operator=(Collection&&) noexcept = default;

Value Collection::add(Parser& parser, std::string_view bytes, Fault& fault) {
  if (bytes.size() > maximum_bytes || !is_container(bytes)) {
    fault = {bytes.size() > maximum_bytes ? too_large : "the document is neither an object nor an array", 0};
    return {};
  }
  // The copy, its padding, and room for unescaped text, of which what is not used is given back.
  const std::size_t room = 2 * bytes.size() + padding;
  char* const copy = state_->text.take(room);
  std::memcpy(copy, bytes.data(), bytes.size());
  std::memset(copy + bytes.size(), 0, padding);
  char* strings = copy + bytes.size() + padding;
  Parser::State& scratch = *parser.state_;
  if (!build(scratch.parser, {copy, bytes.size()}, scratch.nodes, scratch.level, strings, fault)) {
    state_->text.give_back(room);
    return {};
  }
  state_->text.give_back(room - static_cast<std::size_t>(strings - copy));
  Node* const nodes = state_->nodes.take(scratch.nodes.size());
  std::uninitialized_copy(scratch.nodes.begin(), scratch.nodes.end(), nodes);
  return {nodes, 0};
}

}  // namespace catchment::json
