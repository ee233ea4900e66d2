// Files that are not what they should be: one clear finding each, and nothing is lost.
#include <zlib.h>

#include "base/error.h"
#include "intake/row_cutter.h"
#include "workspace.h"

using namespace catchment;
using namespace catchment::intake;
using catchment::intake::test::Workspace;

namespace {

constexpr std::string_view feed = R"(
name = "visits"
title = "Visits"
setting = "community"
files = ["visits/*"]
partner = "RC9"
format = "csv"
key = "local_id"
key_column = "id"
tolerance = 0.9

[[column]]
name = "id"
required = true

[[column]]
name = "name"

[[column]]
name = "day"
type = "date"
required = true

[identity]
family = "name"

[[record]]
table = "encounter"
fields = { kind = { value = "community" }, start_date = "day" }

[[check]]
rule = "unique"
columns = ["id"]
)";

std::string packed(const std::string& bytes) {
  std::string out(bytes.size() + 1024, '\0');
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string rows(int n) {
  std::string out = "id,name,day\n";
  for (int i = 0; i < n; ++i) out += std::to_string(i) + ",N" + std::to_string(i * 7919 % 10007) + ",2026-03-0" + std::to_string(i % 9 + 1) + "\n";
  return out;
}

}  // namespace

TEST_CASE("an empty file, a folder in place of a file, an unknown file: each one finding") {
  Workspace w;
  w.feed("visits", feed);
  w.extract("visits/empty.csv", "");
  w.extract("visits/good.csv", rows(3));
  w.extract("elsewhere.txt", "?");
  std::filesystem::create_directories(w.root() / "extracts" / "visits" / "folder.csv");
  const auto result = w.stage();
  CHECK(w.ask("SELECT file, status, rows_read FROM source ORDER BY file") ==
        "elsewhere.txt|unclaimed|0\nvisits/empty.csv|empty|0\nvisits/folder.csv|unreadable|0\nvisits/good.csv|complete|3\n");
  CHECK(w.ask("SELECT s.file, f.line, f.rule, f.severity FROM finding f JOIN source s ON s.id = f.source ORDER BY 1") ==
        "elsewhere.txt|0|no-feed|warning\nvisits/empty.csv|0|empty-file|error\nvisits/folder.csv|0|not-a-file|error\n");
  CHECK(result.failures == std::vector<std::string>{"visits/empty.csv: empty (empty-file)", "visits/folder.csv: unreadable (not-a-file)"});
}

TEST_CASE("a truncated gzip keeps its whole rows and says so") {
  Workspace w;
  w.feed("visits", feed);
  const std::string whole = packed(rows(20000));
  w.extract("visits/whole.csv.gz", whole);
  w.extract("visits/short.csv.gz", whole.substr(0, whole.size() / 2));
  const auto result = w.stage();
  CHECK(w.ask("SELECT file, status FROM source ORDER BY file") == "visits/short.csv.gz|incomplete\nvisits/whole.csv.gz|complete\n");
  CHECK(w.ask("SELECT rows_read FROM source WHERE status = 'complete'") == "20000\n");
  CHECK(w.ask("SELECT rows_read > 5000 AND rows_read < 15000 AND rows_quarantined <= 1 FROM source WHERE status = 'incomplete'") == "true\n");
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].find("truncated") != std::string::npos);
}

TEST_CASE("a line without end is one quarantined row, in bounded memory") {
  // 4 GB of one letter, then a good row: what is held at once is a few megabytes.
  std::uint64_t left = std::uint64_t{4} << 30;
  const std::string end = "\n1,A,2026-03-01\n";
  std::size_t at = 0;
  std::size_t most = 0;
  RowCutter cutter(
      [&](char* to, std::size_t size) {
        if (left > 0) {
          const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left, size));
          to[0] = 'x';  // the rest is whatever was there: never a line end
          std::fill(to, to + std::min<std::size_t>(n, 64), 'x');
          left -= n;
          return n;
        }
        const std::size_t n = std::min(size, end.size() - at);
        std::copy(end.begin() + static_cast<std::ptrdiff_t>(at), end.begin() + static_cast<std::ptrdiff_t>(at + n), to);
        at += n;
        return n;
      },
      CutterOptions{});
  Block block;
  std::vector<RowState> states;
  while (cutter.next(block)) {
    most = std::max(most, block.bytes.size());
    for (const auto& row : block.rows) states.push_back(row.state);
  }
  CHECK(states == std::vector<RowState>{RowState::too_long, RowState::good});
  CHECK(most < (std::size_t{8} << 20));
}

TEST_CASE("a long line in a file is quarantined and its neighbours are not") {
  Workspace w;
  w.feed("visits", feed);
  w.extract("visits/a.csv", "id,name,day\n1,A,2026-03-01\n2," + std::string(3 << 20, 'x') + ",2026-03-01\n3,C,2026-03-01\n");
  const auto result = w.stage();
  CHECK(result.rows_accepted == 2);
  CHECK(w.ask("SELECT line, rule FROM quarantine") == "3|line-too-long\n");
}

TEST_CASE("dialects: separators, byte-order marks, UTF-16, Windows-1252, no final line end") {
  const std::string body = "id;name;day\r\n1;Zo\xC3\xAB;2026-03-01\r\n2;Bren\xE9;2026-03-01";
  const std::string expected = "1|Zo\xC3\xAB\n2|Bren\xC3\xA9\n";
  const auto names = [](const std::string& bytes) {
    Workspace w;
    w.feed("visits", feed);
    w.extract("visits/a.csv", bytes);
    w.stage();
    return w.ask("SELECT key, family FROM subject ORDER BY key");
  };
  CHECK(names(body) == expected);
  CHECK(names("\xEF\xBB\xBF" + body) == expected);
  std::string tabs = body;
  for (auto& c : tabs)
    if (c == ';') c = '\t';
  CHECK(names(tabs) == expected);
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("id,name,day\n1,Al,2026-03-01\n")) wide += c, wide += '\0';
  CHECK(names(wide) == "1|Al\n");
}

TEST_CASE("the first of two rows with one key stays") {
  Workspace w;
  w.feed("visits", feed);
  w.extract("visits/a.csv", "id,name,day\n1,A,2026-03-01\n2,B,2026-03-01\n1,C,2026-03-01\n");
  const auto result = w.stage();
  CHECK(result.rows_accepted == 2);
  CHECK(w.ask("SELECT line, column_name, rule, raw FROM quarantine") == "4|id|duplicate-key|1,C,2026-03-01\n");
}

TEST_CASE("a file without a required column is refused, and named") {
  Workspace w;
  w.feed("visits", feed);
  w.extract("visits/a.csv", "id,name,when\n1,A,2026-03-01\n");
  const auto result = w.stage();
  CHECK(w.ask("SELECT status, rows_read FROM source") == "refused|0\n");
  CHECK(result.failures == std::vector<std::string>{"visits/a.csv: refused (column-absent day)"});
}

TEST_CASE("a folder that cannot be written is one clear error") {
  Workspace w;
  w.feed("visits", feed);
  w.extract("visits/a.csv", rows(1));
  std::filesystem::remove_all(w.root() / "snapshot");
  std::ofstream(w.root() / "snapshot") << "a file";
  std::string message;
  try {
    w.stage();
  } catch (const Error& error) {
    message = error.what();
    CHECK(error.kind() == ErrorKind::environment);
    CHECK(!error.fix().empty());
  }
  CHECK(message.find("staged.duckdb cannot be written") != std::string::npos);
}

TEST_CASE("volume and completeness that jump between periods are reported") {
  Workspace w;
  std::string text(feed);
  text.replace(text.find("visits/*"), 8, "visits/{period}.csv");
  w.feed("visits", text);
  w.extract("visits/2026-01.csv", rows(100));
  w.extract("visits/2026-02.csv", "id,name,day\n1,,2026-03-01\n2,,2026-03-01\n");
  w.stage();
  CHECK(w.ask("SELECT measure, column_name, before, now, severity FROM drift ORDER BY 1, 2") == "present|name|1|0|warning\nrows|NULL|100|2|warning\n");
}
