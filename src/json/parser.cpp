#include <simdjson.h>

#include <cstring>

#include "json/json.h"

namespace catchment::json {

using detail::Node;
namespace od = simdjson::ondemand;

struct Document::State {
  std::string bytes;             // the input and the library's padding
  std::vector<Node> nodes;       // node 0 is the root; children of one value stand together
  std::vector<Node> level;       // children of values still open
  std::vector<char> strings;     // unescaped text, sized before parsing so that views stay valid
  std::size_t strings_used = 0;
};

struct Parser::State {
  od::parser parser;
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

// Turns the library's forward-only values into nodes that can be read in any order.
class Builder {
 public:
  Builder(std::vector<Node>& nodes, std::vector<Node>& level, std::vector<char>& strings, std::size_t& used,
          od::document& document, const char* end)
      : nodes_(nodes), level_(level), strings_(strings), used_(used), document_(document), end_(end) {}

  simdjson::error_code fill(od::value value, Node& node, std::size_t depth) {
    if (depth > maximum_depth) return simdjson::DEPTH_ERROR;
    od::json_type type;
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case od::json_type::object: return object(value, node, depth);
      case od::json_type::array: return array(value, node, depth);
      case od::json_type::string: {
        std::string_view text;
        if (const auto error = value.get_string().get(text)) return error;
        node.kind = Kind::string;
        node.text = keep(text);
        return simdjson::SUCCESS;
      }
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

 private:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* at = strings_.data() + used_;
    std::memcpy(at, text.data(), text.size());
    used_ += text.size();
    return {at, text.size()};
  }

  static std::string_view trimmed(std::string_view token) {
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
    return token;
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
      std::string_view name;
      if (const auto error = field.unescaped_key().get(name)) return error;
      child.key = keep(name);
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
  std::vector<char>& strings_;
  std::size_t& used_;
  od::document& document_;
  const char* end_;
};

// A scalar document is read as the one element of an array: the library's documents and values differ.
bool is_container(std::string_view bytes) {
  const std::size_t at = bytes.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && (bytes[at] == '{' || bytes[at] == '[');
}

}  // namespace

bool Parser::parse_into(Document& document, std::string_view bytes, Fault& fault) {
  Document::State& s = *document.state_;
  s.nodes.clear();
  s.level.clear();
  s.strings_used = 0;
  if (bytes.size() > maximum_bytes) {
    fault = {"the JSON document is larger than 256 MB", 0};
    return false;
  }
  const bool wrap = !is_container(bytes);
  s.bytes.clear();
  s.bytes.reserve(bytes.size() + 2 + simdjson::SIMDJSON_PADDING);
  if (wrap) s.bytes += '[';
  s.bytes.append(bytes);
  if (wrap) s.bytes += ']';
  const std::size_t length = s.bytes.size();
  s.bytes.append(simdjson::SIMDJSON_PADDING, '\0');
  if (s.strings.size() < length + 1) s.strings.resize(length + 1);

  od::document source;
  auto error = state_->parser.iterate(s.bytes.data(), length, s.bytes.size()).get(source);
  Node root;
  s.nodes.emplace_back();
  if (error == simdjson::SUCCESS) {
    od::value value;
    error = source.get_value().get(value);
    if (error == simdjson::SUCCESS)
      error = Builder(s.nodes, s.level, s.strings, s.strings_used, source, s.bytes.data() + length).fill(value, root, 0);
    const char* next = nullptr;
    if (error == simdjson::SUCCESS && source.current_location().get(next) == simdjson::SUCCESS)
      error = simdjson::TRAILING_CONTENT;
  }
  if (error != simdjson::SUCCESS) {
    const char* where = nullptr;
    std::size_t offset = 0;
    if (source.is_alive() && source.current_location().get(where) == simdjson::SUCCESS && where >= s.bytes.data() &&
        where <= s.bytes.data() + length)
      offset = static_cast<std::size_t>(where - s.bytes.data()) - (wrap && where > s.bytes.data() ? 1 : 0);
    fault = {simdjson::error_message(error), offset};
    s.nodes.clear();
    s.level.clear();
    return false;
  }
  if (wrap) {
    if (root.count != 1) {
      fault = {"the document is empty or holds more than one value", 0};
      s.nodes.clear();
      return false;
    }
    root = s.nodes[root.first];
  }
  s.nodes[0] = root;
  return true;
}

std::optional<Document> Parser::parse(std::string_view bytes, Fault& fault) {
  Document document;
  if (!parse_into(document, bytes, fault)) return std::nullopt;
  return document;
}

}  // namespace catchment::json
