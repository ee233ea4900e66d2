#include <doctest/doctest.h>

#include <filesystem>

#include "db/db.h"
#include "synth/sheet.h"

using namespace catchment;
using namespace catchment::synth;

TEST_CASE("a Parquet file of several row groups is read back by DuckDB as it was written") {
  const auto folder = std::filesystem::temp_directory_path() / "catchment-synth-parquet-test";
  std::filesystem::remove_all(folder);
  const Sheet sheet{"values", {{"word"}, {"unique"}, {"on", CellKind::date}, {"count", CellKind::whole}, {"amount", CellKind::decimal}}, SheetForm::parquet};
  {
    Outlet outlet(folder, sheet);
    for (int group = 0; group < 3; ++group) {
      Block block(sheet);
      for (int i = 0; i < 5'000; ++i) {
        // Runs, alternation and blanks, so that every form of the hybrid encoding is used.
        const int row = group * 5'000 + i;
        i % 7 == 0 ? block.blank() : block.text(i % 1000 < 400 ? "long run" : i % 3 == 0 ? "naïve" : "a");
        block.text("key " + std::to_string(row));
        i % 11 == 0 ? block.blank() : block.date(Date{row});
        block.whole(std::int64_t{row} * 1'000'000'007);
        block.decimal(row / 4.0, 2).end();
      }
      ParquetGroup encoded;
      Outlet::seal(block, encoded);
      outlet.append(block, std::move(encoded));
    }
    outlet.close();
    CHECK(outlet.rows() == 15'000);
  }
  db::Duck duck(":memory:", {});
  auto connection = duck.connect();
  const std::string file = "'" + (folder / "values.parquet").string() + "'";
  const auto one = [&](const std::string& what) { return std::get<std::int64_t>(connection.query("select " + what + " from " + file).single()); };
  CHECK(one("count(*)::bigint") == 15'000);
  CHECK(one("count(distinct \"unique\")::bigint") == 15'000);
  CHECK(one("count(*) filter (word is null)::bigint") == 3 * 715);
  CHECK(one("count(*) filter (word = 'naïve')::bigint") > 100);
  CHECK(one("count(*) filter (\"on\" is null)::bigint") == 3 * 455);
  CHECK(one("count(*) filter (\"unique\" = 'key ' || (count // 1000000007) and amount = round((count // 1000000007) / 4.0, 2)"
            " and (\"on\" is null or \"on\" = date '1970-01-01' + (count // 1000000007)::integer))::bigint") == 15'000);
  std::filesystem::remove_all(folder);
}
