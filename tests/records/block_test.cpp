#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "records/block_store.h"
#include "records/records.h"

using namespace catchment;
using namespace catchment::records;

namespace {

std::int64_t bits(double value) { return std::bit_cast<std::int64_t>(value); }

// A block with every table, every kind of cell, missing ones, extremes and runs.
PersonBlock random_block(std::uint64_t seed) {
  Random random(seed);
  PersonBlock block;
  block.summary.person.value = static_cast<std::int64_t>(random.next() >> 1);
  block.summary.birth_date = Date{-30000};
  block.summary.sex = Sex::other;
  block.summary.ethnicity.value = 1234567;
  block.summary.registered = true;
  for (const Table& table : tables) {
    if (random.chance(0.3)) continue;
    BlockTable& t = block.tables.emplace_back();
    t.table = &table;
    t.cells.resize(table.columns.size());
    const auto rows = 1 + random.below(40);
    for (std::uint64_t r = 0; r < rows; ++r) {
      t.sources.push_back(static_cast<std::int64_t>(random.below(3)));
      t.lines.push_back(static_cast<std::int64_t>(random.below(1U << 30)));
      t.organisations.push_back(0);
    }
    for (std::size_t c = 0; c < t.cells.size(); ++c) {
      const Kind kind = table.columns[c].kind;
      const double missing = random.pick(std::array{1.0, 1.0, 1.0}) == 0 ? 0 : random.uniform();
      for (std::uint64_t r = 0; r < rows; ++r) {
        if (random.chance(missing)) {
          t.cells[c].push_back(no_value);
        } else if (kind == Kind::number) {
          const double values[] = {0, 1.5, 37.42, -12, 1e300, 0.1 + 0.2, 7.123456, 1e17};
          t.cells[c].push_back(bits(values[random.below(random.chance(0.5) ? 3 : 8)]));
        } else if (kind == Kind::local_id) {
          t.texts.push_back(random.chance(0.5) ? "spell" : std::string("visit ") + std::to_string(random.below(9)));
          t.cells[c].push_back(static_cast<std::int64_t>(t.texts.size()) - 1);
        } else {
          t.cells[c].push_back(random.chance(0.05) ? INT64_MAX : static_cast<std::int64_t>(random.below(100000)) - 50000);
        }
      }
    }
  }
  return block;
}

void check_same(const PersonBlock& a, const PersonBlock& b) {
  CHECK(a.summary == b.summary);
  REQUIRE(a.tables.size() == b.tables.size());
  for (std::size_t t = 0; t < a.tables.size(); ++t) {
    const BlockTable &x = a.tables[t], &y = b.tables[t];
    REQUIRE(x.table == y.table);
    CHECK(x.sources == y.sources);
    CHECK(x.lines == y.lines);
    CHECK(x.organisations == y.organisations);
    for (std::size_t c = 0; c < x.cells.size(); ++c) {
      if (x.table->columns[c].kind != Kind::local_id) {
        CHECK(x.cells[c] == y.cells[c]);
        continue;
      }
      for (std::size_t r = 0; r < x.rows(); ++r) CHECK(x.text(c, r) == y.text(c, r));
    }
  }
}

}  // namespace

TEST_CASE("a packed block unpacks to what it was") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const PersonBlock block = random_block(seed);
    const std::string bytes = pack(block);
    check_same(block, unpack(bytes));
    CHECK(unpack_summary(bytes) == block.summary);
  }
}

TEST_CASE("a damaged block is an error, never a crash") {
  Random random(7);
  const std::string whole = pack(random_block(3));
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = whole.substr(0, random.chance(0.5) ? whole.size() : random.below(whole.size()));
    for (std::uint64_t flips = random.below(4); flips > 0 && !bytes.empty(); --flips) bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    try {
      unpack(bytes);
    } catch (const Error&) {}
  }
  CHECK_THROWS_AS(unpack(whole.substr(0, whole.size() - 1)), Error);
  CHECK_THROWS_AS(unpack(""), Error);
  std::string other = whole;
  other[0] = 99;
  CHECK_THROWS_WITH_AS(unpack(other), "a person block has a format this program does not read", Error);
}

TEST_CASE("words are read by their position in the closed list") {
  BlockTable table;
  table.table = &tables[2];  // condition
  REQUIRE(table.table->name == "condition");
  table.cells.resize(table.table->columns.size());
  const std::size_t status = table.column("status");
  table.cells[status] = {0, 1, 3, no_value, 9};
  CHECK(table.word(status, 0) == "active");
  CHECK(table.word(status, 1) == "resolved");
  CHECK(table.word(status, 2) == "entered-in-error");
  CHECK(table.word(status, 3).empty());
  CHECK(table.word(status, 4).empty());
}

TEST_CASE("a stored block comes back by person id, with or without a dictionary") {
  const auto file = std::filesystem::temp_directory_path() / ("catchment-test-people-" + std::to_string(getpid()) + ".sqlite");
  std::vector<std::string> blocks;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) blocks.push_back(pack(random_block(seed)));
  for (const std::string& dictionary : {std::string(), learn_dictionary(blocks)}) {
    std::filesystem::remove(file);
    BlockCompressor compressor(dictionary);
    BlockWriter writer(file, dictionary);
    for (std::size_t i = 0; i < blocks.size(); ++i) writer.add(PersonId{static_cast<std::int64_t>(i) * 3}, compressor.compress(blocks[i]));
    writer.close();
    BlockReader reader(file);
    for (std::size_t i = 0; i < blocks.size(); ++i) CHECK(reader.read(PersonId{static_cast<std::int64_t>(i) * 3}) == blocks[i]);
    CHECK_FALSE(reader.read(PersonId{1}));
  }
  std::filesystem::remove(file);
}
