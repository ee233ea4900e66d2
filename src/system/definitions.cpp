#include "system/definitions.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace catchment::system {

namespace fs = std::filesystem;

std::string Definitions::named(const std::string& file) const { return memory_ ? file : (folder_ / file).generic_string(); }

bool Definitions::has(const std::string& file) const {
  if (memory_) return memory_->contains(file);
  std::error_code failed;
  return fs::exists(folder_ / file, failed);
}

std::optional<std::string> Definitions::bytes(const std::string& file) {
  const std::string copy_one = "write it, or copy the one of the example system and change it";
  if (memory_) {
    const auto at = memory_->find(file);
    if (at != memory_->end()) return at->second;
    error(file, 0, 0, "the file is missing", copy_one);
    return std::nullopt;
  }
  const fs::path path = folder_ / file;
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (status.type() == fs::file_type::not_found) {
    error(file, 0, 0, "the file is missing", copy_one);
    return std::nullopt;
  }
  if (!fs::is_regular_file(status)) {
    error(file, 0, 0, "this is not a file", "put a plain file in its place");
    return std::nullopt;
  }
  const std::uintmax_t size = fs::file_size(path, failed);
  if (!failed && size > max_definition_bytes) {
    error(file, 0, 0, fmt::format("the file has {} bytes; a definition file may have {}", size, max_definition_bytes),
          "definitions are small; load data as a feed instead");
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes(failed ? 0 : static_cast<std::size_t>(size), '\0');
  if (!failed && in) in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (failed || !in) {
    error(file, 0, 0, "the file cannot be read", "check its permissions");
    return std::nullopt;
  }
  return bytes;
}

std::vector<std::string> Definitions::files(const std::string& subfolder, const std::string& extension) const {
  std::vector<std::string> names;
  if (memory_) {
    for (const auto& [name, unused] : *memory_) {
      const fs::path path(name);
      if (path.parent_path().generic_string() == subfolder && name.ends_with(extension)) names.push_back(name);
    }
    return names;
  }
  std::error_code failed;
  for (fs::directory_iterator at(folder_ / subfolder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (name.size() > extension.size() && name.ends_with(extension) && name.front() != '.') {
      names.push_back((fs::path(subfolder) / name).lexically_normal().generic_string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Definitions::error(const std::string& file, int line, int column, std::string message, std::string fix) {
  diagnostics_.push_back({named(file), line, column, Severity::error, std::move(message), std::move(fix)});
}

void Definitions::warning(const std::string& file, int line, int column, std::string message, std::string fix) {
  diagnostics_.push_back({named(file), line, column, Severity::warning, std::move(message), std::move(fix)});
}

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string shown(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out;
  for (const char c : text.substr(0, most)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return text.size() > most ? out + "..." : out;
}

std::vector<std::string> keys_of(const KnownIds& known) {
  std::vector<std::string> keys;
  keys.reserve(known.size());
  for (const auto& [key, unused] : known) keys.push_back(key);
  return keys;
}

void check_header(Definitions& definitions, const std::string& file, const CsvTable& csv, const Columns& columns, bool& usable) {
  std::vector<std::string> wanted = columns.required;
  wanted.insert(wanted.end(), columns.optional.begin(), columns.optional.end());
  for (std::size_t i = 0; i < csv.header.size(); ++i) {
    const std::string& name = csv.header[i];
    if (csv.column(name) != static_cast<int>(i)) {
      definitions.error(file, 1, 0, fmt::format("the column '{}' is there twice", shown(name)), "keep one of them");
      usable = false;
    } else if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
      const std::string near = nearest(name, wanted);
      definitions.warning(file, 1, 0, fmt::format("the column '{}' is not known and is not read", shown(name)),
                          near.empty() ? "remove it" : fmt::format("did you mean '{}'?", near));
    }
  }
  for (const std::string& name : columns.required) {
    if (csv.column(name) >= 0) continue;
    const std::string near = nearest(name, csv.header);
    definitions.error(file, 1, 0, fmt::format("the column '{}' is missing", name),
                      near.empty() ? "add it to the first line and to every row" : fmt::format("rename the column '{}'", shown(near)));
    usable = false;
  }
}

}  // namespace

Table::Table(Definitions& definitions, std::string file, const Columns& columns, bool required) : definitions_(definitions), file_(std::move(file)) {
  if (!required && !definitions.has(file_)) {
    whole_ = true;
    return;
  }
  std::optional<std::string> bytes = definitions.bytes(file_);
  if (!bytes) return;
  bytes_ = std::move(*bytes);
  std::vector<CsvFault> faults;
  csv_ = read_csv(bytes_, faults);
  if (bytes_.find('\0') != std::string::npos) {
    definitions.error(file_, 0, 0, "the file holds zero bytes, so it is not text", "save it as CSV in UTF-8");
    csv_.rows.clear();
    csv_.lines.clear();
    return;
  }
  for (const CsvFault& fault : faults) {
    definitions.error(file_, fault.line, 0, fault.message, "quote a cell that holds a comma, and double a quote inside it");
  }
  bool usable = true;
  if (csv_.header.empty()) {
    definitions.error(file_, 0, 0, "the file is empty", "write a first line with the names of the columns");
    usable = false;
  } else {
    check_header(definitions, file_, csv_, columns, usable);
  }
  whole_ = usable && faults.empty();
  if (!usable) {
    csv_.rows.clear();
    csv_.lines.clear();
  }
}

Row Table::operator[](std::size_t index) { return {*this, index}; }
Row Table::Iterator::operator*() const { return (*table_)[at_]; }

// The 1-based column of a cell: found again in the bytes, since only faults need it.
int Table::column_of(std::size_t row, int cell) const {
  std::size_t at = 0;
  for (int line = 1; line < csv_.lines[row] && at < bytes_.size(); ++at) {
    if (bytes_[at] == '\n' || (bytes_[at] == '\r' && (at + 1 >= bytes_.size() || bytes_[at + 1] != '\n'))) ++line;
  }
  bool quoted = false;
  int column = 1;
  for (; at < bytes_.size() && cell > 0; ++at) {
    const char c = bytes_[at];
    if (c == '"') quoted = !quoted;
    if (c == '\n' && !quoted) break;
    column = c == '\n' ? 1 : column + 1;
    if (c == ',' && !quoted) --cell;
  }
  return column;
}

int Row::line() const { return table_.csv_.lines[index_]; }

int Row::cell_of(std::string_view column) const { return table_.csv_.column(column); }

const std::string* Row::cell(std::string_view column) const {
  const int at = cell_of(column);
  return at < 0 ? nullptr : &table_.csv_.rows[index_][static_cast<std::size_t>(at)];
}

void Row::error(std::string_view column, std::string message, std::string fix) {
  const int at = cell_of(column);
  table_.definitions_.error(table_.file_, line(), at < 0 ? 0 : table_.column_of(index_, at), std::move(message), std::move(fix));
}

void Row::warning(std::string_view column, std::string message, std::string fix) {
  const int at = cell_of(column);
  table_.definitions_.warning(table_.file_, line(), at < 0 ? 0 : table_.column_of(index_, at), std::move(message), std::move(fix));
}

bool Row::has(std::string_view column) const {
  const std::string* text = cell(column);
  return text != nullptr && !trimmed(*text).empty();
}

std::string Row::optional_text(std::string_view column) const {
  const std::string* text = cell(column);
  return text == nullptr ? std::string() : std::string(trimmed(*text));
}

std::string Row::text(std::string_view column) {
  std::string text = optional_text(column);
  if (text.empty()) error(column, fmt::format("'{}' is empty", column), "write a value");
  return text;
}

std::string Row::unique(std::string_view column, KnownIds& known) {
  std::string word = text(column);
  known.complete = known.complete && table_.whole() && !word.empty();
  if (word.empty()) return word;
  const auto [at, fresh] = known.emplace(word, index_);
  if (!fresh) {
    known.complete = false;
    const int before = at->second < table_.size() ? table_.csv_.lines[at->second] : 0;
    error(column, fmt::format("'{}' is already used on line {}", shown(word), before), "give each row one of its own");
  }
  return word;
}

std::string Row::id(std::string_view column, KnownIds& known) {
  std::string word = unique(column, known);
  const bool good = std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
  if (!good) {
    known.complete = false;
    error(column, fmt::format("'{}' is not an id", shown(word)), "use lower-case letters, digits, '-' and '_'");
  }
  return word;
}

namespace {
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (text.empty()) return std::nullopt;
  return negative ? -value : value;
}

// Digits with an optional sign and one point: no exponents, no locale.
std::optional<double> plain_decimal(std::string_view text) {
  if (text.empty() || text.size() > 24) return std::nullopt;
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  double value = 0;
  double scale = 0;
  bool digits = false;
  for (const char c : text) {
    if (c == '.' && scale == 0) {
      scale = 1;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      value = value * 10 + (c - '0');
      if (scale > 0) scale *= 10;
    } else {
      return std::nullopt;
    }
  }
  if (!digits) return std::nullopt;
  if (scale > 0) value /= scale;
  return negative ? -value : value;
}
}  // namespace

std::int64_t Row::integer(std::string_view column, std::int64_t low, std::int64_t high) {
  const std::string word = text(column);
  if (word.empty()) return low;
  const std::optional<std::int64_t> value = whole_number(word);
  if (!value) {
    error(column, fmt::format("'{}' is not a whole number", shown(word)), "write digits only, without commas or blanks");
    return low;
  }
  if (*value < low || *value > high) {
    error(column, fmt::format("{} is outside {} to {}", *value, low, high), fmt::format("check '{}'", column));
    return low;
  }
  return *value;
}

std::optional<double> Row::number(std::string_view column, double low, double high) {
  const std::string word = optional_text(column);
  if (word.empty()) return std::nullopt;
  const std::optional<double> value = plain_decimal(word);
  if (!value) {
    error(column, fmt::format("'{}' is not a number", shown(word)), "write it like 12.5, without a sign for the unit");
    return std::nullopt;
  }
  if (*value < low || *value > high) {
    error(column, fmt::format("{} is outside {} to {}", *value, low, high), fmt::format("check '{}'", column));
    return std::nullopt;
  }
  return value;
}

std::optional<Date> Row::date(std::string_view column) {
  const std::string word = optional_text(column);
  if (word.empty()) return std::nullopt;
  const std::optional<Date> value = word.size() == 10 ? Date::parse(word) : std::nullopt;
  if (!value) error(column, fmt::format("'{}' is not a date", shown(word)), "write a real date like 2026-03-31");
  return value;
}

bool Row::yes_no(std::string_view column, bool otherwise) {
  const std::string word = optional_text(column);
  if (word.empty()) return otherwise;
  if (word == "yes") return true;
  if (word == "no") return false;
  error(column, fmt::format("'{}' is neither yes nor no", shown(word)), "write yes or no");
  return otherwise;
}

std::size_t Row::one_of(std::string_view column, std::initializer_list<std::string_view> words) {
  const std::string word = text(column);
  if (word.empty()) return 0;
  const auto at = std::find(words.begin(), words.end(), word);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  const std::string near = nearest(word, {words.begin(), words.end()});
  std::string all;
  for (const std::string_view each : words) all += (all.empty() ? "" : ", ") + std::string(each);
  error(column, fmt::format("'{}' is not one of: {}", shown(word), all), near.empty() ? "choose one of them" : fmt::format("did you mean '{}'?", near));
  return 0;
}

std::string Row::reference(std::string_view column, const KnownIds& known, std::string_view what) {
  std::string word = text(column);
  if (word.empty() || known.contains(word)) return word;
  if (!known.complete) return {};
  const std::string near = known.size() > 5000 ? std::string() : nearest(word, keys_of(known));
  error(column, fmt::format("there is no '{}' in {}", shown(word), what),
        near.empty() ? fmt::format("add it to {}", what) : fmt::format("did you mean '{}'?", near));
  return {};
}

std::string Row::optional_reference(std::string_view column, const KnownIds& known, std::string_view what) {
  return has(column) ? reference(column, known, what) : std::string();
}

std::vector<std::string> Row::list(std::string_view column) const {
  std::vector<std::string> words;
  const std::string text = optional_text(column);
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(';', from), text.size());
    const std::string_view word = trimmed(std::string_view(text).substr(from, to - from));
    if (!word.empty()) words.emplace_back(word);
    from = to + 1;
  }
  return words;
}

}  // namespace catchment::system
