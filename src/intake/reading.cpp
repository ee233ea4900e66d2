#include "intake/reading.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "intake/parse_values.h"

namespace catchment::intake {

namespace {

constexpr std::size_t longest_csv_row = std::size_t{1} << 20;
constexpr std::size_t longest_resource = std::size_t{32} << 20;
constexpr std::size_t largest_bundle = std::size_t{255} << 20;
constexpr std::size_t chunks_in_work = 8;

std::vector<std::string> header_names(std::string_view line, char separator, char quote) {
  std::vector<std::string> names(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == quote) quoted = !quoted;
    else if (c == separator && !quoted) names.emplace_back();
    else names.back() += c;
  }
  return names;
}

}  // namespace

char find_separator(std::string_view header, char quote) {
  std::size_t counts[4] = {};
  static constexpr char candidates[] = {',', ';', '\t', '|'};
  bool quoted = false;
  for (const char c : header) {
    if (c == quote) quoted = !quoted;
    if (quoted) continue;
    for (std::size_t i = 0; i < 4; ++i) counts[i] += c == candidates[i] ? 1 : 0;
  }
  return candidates[std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts)];
}

std::string folded_name(std::string_view name) {
  std::string out;
  for (const char c : trim(name)) {
    if (c == ' ' || c == '_' || c == '-' || c == '.') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return out;
}

struct Reader::Open {
  const Delivery* delivery = nullptr;
  std::shared_ptr<FilePlan> plan;
  std::unique_ptr<FileReader> file;
  std::unique_ptr<RowCutter> cutter;
  std::string ahead;                      // read to find the header
  std::size_t ahead_at = 0;
  bool header_to_drop = false;
  std::unique_ptr<db::Connection> connection;
  std::unique_ptr<db::Rows> rows;
  std::vector<db::ColumnType> types;
  std::uint64_t line = 1;
  bool refused = false;
  bool ended = false;
  bool too_large = false;
};

Reader::Reader(const std::vector<Delivery>& deliveries, const IntakeSettings& settings) : settings_(settings) {
  for (const auto& d : deliveries) order_.push_back(&d);
  // Organisations first: other resources name them by reference.
  std::stable_sort(order_.begin(), order_.end(), [](const Delivery* a, const Delivery* b) {
    const auto rank = [](const Delivery* d) {
      return d->feed != nullptr && d->feed->is_fhir() && d->path.filename().string().starts_with("Organization") ? 0 : 1;
    };
    return rank(a) < rank(b);
  });
}
Reader::~Reader() = default;

bool Reader::match_columns(Open& o, const std::vector<std::string>& names, Work& work) {
  const Feed& feed = *o.delivery->feed;
  std::vector<std::string> folded;
  folded.reserve(names.size());
  for (const auto& n : names) folded.push_back(folded_name(n));
  o.plan->cells = names.size();
  o.plan->where.assign(feed.columns.size(), -1);
  bool complete = true;
  for (std::size_t i = 0; i < feed.columns.size(); ++i) {
    const FeedColumn& c = feed.columns[i];
    auto found = std::find(folded.begin(), folded.end(), folded_name(c.name));
    for (const auto& alias : c.aliases)
      if (found == folded.end()) found = std::find(folded.begin(), folded.end(), folded_name(alias));
    if (found != folded.end()) {
      o.plan->where[i] = static_cast<int>(found - folded.begin());
      continue;
    }
    work.file_findings.emplace_back(Rule::column_absent, c.name);
    if (c.required) complete = false;
  }
  return complete;
}

void Reader::open_csv(Open& o, Work& work) {
  const Feed& feed = *o.delivery->feed;
  o.ahead.resize(std::size_t{1} << 16);
  std::size_t have = 0;
  while (have < o.ahead.size()) {
    const std::size_t n = o.file->read(o.ahead.data() + have, o.ahead.size() - have);
    if (n == 0) break;
    have += n;
    if (std::memchr(o.ahead.data(), '\n', have) != nullptr) break;
  }
  o.ahead.resize(have);
  std::string_view header(o.ahead);
  header = header.substr(0, header.find('\n'));
  if (!header.empty() && header.back() == '\r') header.remove_suffix(1);
  o.plan->separator = feed.separator != '\0' ? feed.separator : find_separator(header, feed.quote);
  CutterOptions options;
  options.quote = feed.quote;
  options.separator = o.plan->separator;
  options.longest_row = longest_csv_row;
  o.cutter = std::make_unique<RowCutter>(
      [&o](char* to, std::size_t size) {
        if (o.ahead_at < o.ahead.size()) {
          const std::size_t n = std::min(size, o.ahead.size() - o.ahead_at);
          std::copy_n(o.ahead.begin() + static_cast<std::ptrdiff_t>(o.ahead_at), n, to);
          o.ahead_at += n;
          return n;
        }
        return o.file->read(to, size);
      },
      options);
  if (feed.header) {
    auto names = header_names(header, o.plan->separator, feed.quote);
    o.refused = !match_columns(o, names, work);
    o.header_to_drop = true;
  } else {
    o.plan->cells = feed.columns.size();
    for (std::size_t i = 0; i < feed.columns.size(); ++i) o.plan->where.push_back(static_cast<int>(i));
  }
  o.cutter->expect_cells(o.plan->cells);
}

void Reader::open_lines(Open& o) {
  CutterOptions options;
  options.longest_row = longest_resource;
  o.plan->where.assign(o.delivery->feed->columns.size(), -1);
  o.cutter = std::make_unique<RowCutter>([&o](char* to, std::size_t size) { return o.file->read(to, size); }, options);
}

void Reader::open_bundle(Open& o, Work& work) {
  o.plan->where.assign(o.delivery->feed->columns.size(), -1);
  Block& block = work.block;
  block.rows.clear();
  block.filled = 0;
  if (block.bytes.size() < (std::size_t{1} << 20)) block.bytes.resize(std::size_t{1} << 20);
  while (true) {
    if (block.filled == block.bytes.size()) block.bytes.resize(block.bytes.size() * 2);
    const std::size_t n = o.file->read(block.bytes.data() + block.filled, block.bytes.size() - block.filled);
    if (n == 0) break;
    block.filled += n;
    if (block.filled > largest_bundle) {
      o.too_large = true;
      block.filled = 1024;
      break;
    }
  }
  if (block.filled > 0) block.rows.push_back({0, static_cast<std::uint32_t>(block.filled), 1, o.too_large ? RowState::too_long : RowState::good});
  o.ended = true;
}

void Reader::open_parquet(Open& o, Work& work) {
  if (!duck_) {
    db::DuckOptions options;
    options.memory_limit = "1GB";
    options.threads = 1;  // one thread: rows come in the order of the file
    options.temporary_directory = settings_.temporary_directory.empty() ? settings_.snapshot / "spill" : settings_.temporary_directory;
    duck_ = std::make_unique<db::Duck>(":memory:", options);
  }
  const Feed& feed = *o.delivery->feed;
  o.connection = std::make_unique<db::Connection>(duck_->connect());
  std::vector<std::string> names;
  std::vector<db::ColumnType> types;
  {
    auto head = o.connection->query("SELECT * FROM read_parquet(?) LIMIT 0", {o.delivery->path.string()});
    names = head.names();
    for (std::size_t i = 0; i < head.columns(); ++i) types.push_back(head.type(i));
  }
  o.refused = !match_columns(o, names, work);
  if (o.refused) return;
  // Only the columns the feed knows; those that need their text come as text.
  std::string list;
  std::size_t cell = 0;
  for (std::size_t i = 0; i < feed.columns.size(); ++i) {
    int& where = o.plan->where[i];
    if (where < 0) continue;
    const auto type = types[static_cast<std::size_t>(where)];
    const FeedColumn& c = feed.columns[i];
    const bool integral =
        type == db::ColumnType::bigint || type == db::ColumnType::integer || type == db::ColumnType::smallint || type == db::ColumnType::tinyint;
    const bool native = c.map.empty() && c.in.empty() && c.nulls.empty() &&
        ((c.kind == ColumnKind::date && (type == db::ColumnType::date || type == db::ColumnType::timestamp)) ||
         (c.kind == ColumnKind::instant && type == db::ColumnType::timestamp) ||
         (c.kind == ColumnKind::number && (type == db::ColumnType::number || integral)) ||
         ((c.kind == ColumnKind::integer || c.kind == ColumnKind::pence) && integral));
    const std::string name = db::quoted_name(names[static_cast<std::size_t>(where)]);
    list += (list.empty() ? "" : ", ") + (native || type == db::ColumnType::text ? name : "CAST(" + name + " AS VARCHAR)");
    o.types.push_back(native ? type : db::ColumnType::text);
    where = static_cast<int>(cell++);
  }
  o.plan->cells = cell;
  if (cell == 0) {
    o.refused = true;
    return;
  }
  o.rows = std::make_unique<db::Rows>(o.connection->stream("SELECT " + list + " FROM read_parquet(?)", {o.delivery->path.string()}));
}

bool Reader::open(const Delivery& d, Work& work) {
  open_ = std::make_unique<Open>();
  Open& o = *open_;
  o.delivery = &d;
  o.plan = std::make_shared<FilePlan>();
  o.plan->feed = d.feed;
  o.plan->source = d.source;
  o.plan->file = d.file;
  o.plan->partner = d.partner;
  if (!d.status.empty()) {
    if (d.finding) work.file_findings.emplace_back(*d.finding, "");
    work.status = d.status;
    work.sha256 = d.sha256;
    work.bytes = d.bytes;
    o.ended = true;
    return false;
  }
  if (d.format == Format::parquet) {
    try {
      open_parquet(o, work);
    } catch (const Error&) {
      work.file_findings.emplace_back(Rule::unreadable, "");
      work.status = "unreadable";
      work.bytes = d.bytes;
      o.ended = true;
      return false;
    }
    return true;
  }
  o.file = std::make_unique<FileReader>(d.path, d.feed->encoding);
  if (!o.file->opened()) {
    work.file_findings.emplace_back(Rule::unreadable, "");
    work.status = "unreadable";
    work.bytes = d.bytes;
    o.ended = true;
    return false;
  }
  if (d.format == Format::csv) open_csv(o, work);
  else if (d.format == Format::fhir_bundle) open_bundle(o, work);
  else open_lines(o);
  return true;
}

void Reader::close(Work& work) {
  Open& o = *open_;
  work.last = true;
  if (!work.status.empty()) return;
  work.status = "complete";
  if (o.file) {
    const FileFacts facts = o.file->finish();
    work.sha256 = facts.sha256;
    work.bytes = facts.bytes;
    if (facts.failed) work.file_findings.emplace_back(Rule::unreadable, ""), work.status = "incomplete";
    else if (facts.truncated) work.file_findings.emplace_back(Rule::truncated, ""), work.status = "incomplete";
  } else {
    work.bytes = o.delivery->bytes;
    work.sha256 = o.delivery->sha256.empty() ? hash_of_file(o.delivery->path) : o.delivery->sha256;
  }
  if (o.refused) work.status = "refused";
}

void Reader::read_on(Work& work) {
  Open& o = *open_;
  work.plan = o.plan;
  if (o.ended) return;
  if (o.refused) {
    o.ended = true;
    return;
  }
  if (o.cutter) {
    // A last line without its end is unfinished when the packed file was cut short.
    o.cutter->set_truncated([&o] { return o.file->cut_short(); });
    if (!o.cutter->next(work.block)) o.ended = true;
    if (o.header_to_drop && !work.block.rows.empty()) {
      work.block.rows.erase(work.block.rows.begin());
      o.header_to_drop = false;
    }
    return;
  }
  if (o.rows) {
    work.types = o.types;
    work.first_line = o.line;
    work.chunk_count = 0;
    try {
      while (work.chunk_count < chunks_in_work) {
        if (work.chunks.size() <= work.chunk_count) work.chunks.emplace_back();
        if (!o.rows->next(work.chunks[work.chunk_count])) {
          o.ended = true;
          break;
        }
        o.line += work.chunks[work.chunk_count].rows();
        ++work.chunk_count;
      }
    } catch (const Error&) {
      work.file_findings.emplace_back(Rule::truncated, "");
      work.status = "incomplete";
      work.bytes = o.delivery->bytes;
      work.sha256 = hash_of_file(o.delivery->path);
      o.ended = true;
    }
  }
}

bool Reader::next(Work& work) {
  work.plan.reset();
  work.block.rows.clear();
  work.chunk_count = 0;
  work.last = false;
  work.file_findings.clear();
  work.status.clear();
  work.sha256.clear();
  work.bytes = 0;
  if (!open_) {
    if (at_ == order_.size()) return false;
    open(*order_[at_++], work);
  }
  work.delivery = open_->delivery;
  read_on(work);
  work.sequence = sequence_++;
  if (open_->ended) {
    close(work);
    open_.reset();
  }
  return true;
}

}  // namespace catchment::intake
