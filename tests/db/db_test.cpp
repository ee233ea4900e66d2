#include "db/db.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/error.h"

using namespace catchment;
using namespace catchment::db;

TEST_CASE("rows appended are rows read, nulls and all") {
  Duck duck(":memory:", {});
  Connection connection = duck.connect();
  connection.execute("CREATE TABLE t (person BIGINT, code INTEGER, value DOUBLE, label VARCHAR, on_day DATE)");
  Appender appender = connection.appender("t");
  for (int i = 0; i < 5000; ++i) {
    appender.integer(i).integer(i % 7);
    if (i % 2 == 0) appender.null();
    else appender.number(i / 4.0);
    appender.text(i % 3 == 0 ? "a long label that does not fit inline" : "short").date(Date{i}).end_row();
  }
  appender.close();
  CHECK(connection.query("SELECT count(*) FROM t").single() == Cell{std::int64_t{5000}});
  CHECK(connection.query("SELECT count(*) FROM t WHERE value IS NULL").single() == Cell{std::int64_t{2500}});
  CHECK(connection.query("SELECT label FROM t WHERE person = ?", {std::int64_t{3}}).single() == Cell{std::string("a long label that does not fit inline")});
  Rows rows = connection.stream("SELECT person, value, on_day FROM t ORDER BY person");
  Chunk chunk;
  std::int64_t seen = 0;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r, ++seen) {
      REQUIRE(chunk.integer(0, r) == seen);
      REQUIRE(chunk.is_null(1, r) == (seen % 2 == 0));
      REQUIRE(chunk.date(2, r).days == seen);
    }
  CHECK(seen == 5000);
}

TEST_CASE("a statement that is wrong is an error with the engine's words") {
  Duck duck(":memory:", {});
  Connection connection = duck.connect();
  CHECK_THROWS_AS(connection.query("SELECT nothing FROM nowhere"), Error);
  CHECK_THROWS_AS(connection.prepare_only("SELEKT 1"), Error);
}

TEST_CASE("compression by zstd can be declared and is used") {
  Duck duck(":memory:", {});
  Connection connection = duck.connect();
  CHECK_NOTHROW(connection.execute("CREATE TABLE j (body VARCHAR USING COMPRESSION zstd)"));
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  Sqlite database(":memory:", SqliteMode::create);
  database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT");
  {
    Transaction transaction(database);
    database.prepare("INSERT INTO t VALUES (?, ?)").bind(1).bind("x").run();
  }
  Statement count = database.prepare("SELECT count(*) FROM t");
  REQUIRE(count.step());
  CHECK(count.integer(0) == 0);
}

TEST_CASE("migrations move forward once, and a newer schema is refused") {
  Sqlite database(":memory:", SqliteMode::create);
  const Migration both[] = {{1, "CREATE TABLE a (x INTEGER) STRICT"}, {2, "ALTER TABLE a ADD COLUMN y TEXT"}};
  migrate(database, ":memory:", std::span(both).first(1));
  migrate(database, ":memory:", both);
  migrate(database, ":memory:", both);
  CHECK_NOTHROW(database.execute("INSERT INTO a VALUES (1, 'x')"));
  CHECK_THROWS_AS(migrate(database, ":memory:", std::span(both).first(1)), Error);
}

TEST_CASE("a missing database is one clear error") {
  CHECK_THROWS_AS(Sqlite("no-such-folder/x.sqlite", SqliteMode::read_only), Error);
  DuckOptions options;
  options.read_only = true;
  CHECK_THROWS_AS(Duck("no-such-folder/x.duckdb", options), Error);
}

TEST_CASE("modules that share a file number their parts of it independently") {
  db::Sqlite database(":memory:", db::SqliteMode::create);
  const db::Migration ours[] = {{1, "CREATE TABLE ours (a INTEGER) STRICT"}, {2, "ALTER TABLE ours ADD COLUMN b INTEGER"}};
  const db::Migration theirs[] = {{1, "CREATE TABLE theirs (a INTEGER) STRICT"}};
  db::migrate_part(database, ":memory:", "ours", ours);
  db::migrate_part(database, ":memory:", "theirs", theirs);
  db::migrate_part(database, ":memory:", "ours", ours);
  database.execute("INSERT INTO ours (a, b) VALUES (1, 2); INSERT INTO theirs (a) VALUES (3)");
  CHECK_THROWS_WITH(db::migrate_part(database, ":memory:", "ours", std::span(ours).first(1)),
                    "the ours part of :memory: has schema 2, newer than this program's 1");
}

TEST_CASE("a thread of its own carries the rows of two appenders and tells of a failure") {
  db::Duck duck(":memory:", {.temporary_directory = std::filesystem::temp_directory_path()});
  db::Connection connection = duck.connect();
  connection.execute("CREATE TABLE a (n INTEGER, word ENUM ('x', 'y')); CREATE TABLE b (n INTEGER CHECK (n < 9000), t VARCHAR)");
  {
    db::AppendThread thread;
    db::Appender a = connection.appender("a", &thread), b = connection.appender("b", &thread);
    for (int i = 0; i < 100'000; ++i) {
      a.integer(i).integer(i % 2).end_row();
      if (i < 9000) b.integer(i).text(std::to_string(i)).end_row();
    }
    a.close();
    b.close();
  }
  CHECK(db::to_string(connection.query("SELECT count(DISTINCT n) FROM a WHERE (word = 'y') = (n % 2 = 1)").single()) == "100000");
  CHECK(db::to_string(connection.query("SELECT count(DISTINCT n) FROM b WHERE t = n::VARCHAR").single()) == "9000");
  db::AppendThread thread;
  db::Appender b = connection.appender("b", &thread);
  const auto overfill = [&] {
    for (int i = 0; i < 500'000; ++i) b.integer(i).null().end_row();
    b.close();
  };
  CHECK_THROWS_AS(overfill(), Error);
}
