#include "build/review_queue.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "build/sql.h"

namespace catchment::build {

namespace {

// Weights are told to a thousandth of a bit: finer digits mean nothing to anybody.
double rounded(double bits) { return std::round(bits * 1000) / 1000; }

void write_rows(db::Appender& out, std::int64_t item, const char* side, const std::vector<std::uint32_t>& rows, const linkage::IdentityTable& table) {
  std::int64_t position = 0;
  for (const std::uint32_t row : rows) out.integer(item).text(side).integer(++position).integer(table.source(row).value).text(table.key(row)).end_row();
}

}  // namespace

void write_queue(db::Connection& staged, const linkage::IdentityTable& table, const std::vector<RowPlace>& places, const linkage::LinkResult& result) {
  for (const auto statement : {sql::queue_pair_create, sql::queue_subject_create, sql::queue_weight_create, sql::queue_edge_create}) staged.query(statement);
  db::Appender pairs = staged.appender("review_pair"), subjects = staged.appender("review_subject"), weights = staged.appender("review_weight");
  for (std::size_t i = 0; i < result.review.size(); ++i) {
    linkage::Edge pair = result.review[i];
    const linkage::ReviewStory& story = result.stories[i];
    // Which side comes first must not depend on where rows stood.
    const auto *first = &story.rows_a, *second = &story.rows_b;
    if (std::pair(table.source(pair.b), table.key(pair.b)) < std::pair(table.source(pair.a), table.key(pair.a))) {
      std::swap(pair.a, pair.b);
      std::swap(first, second);
    }
    const auto item = static_cast<std::int64_t>(i + 1);
    pairs.integer(item).number(rounded(static_cast<double>(pair.weight))).integer(result.person[pair.a].value).integer(result.person[pair.b].value);
    pairs.integer(static_cast<std::int64_t>(first->size()))
        .integer(static_cast<std::int64_t>(second->size()))
        .text(story.held_back)
        .boolean(story.unsure)
        .end_row();
    write_rows(subjects, item, "a", *first, table);
    write_rows(subjects, item, "b", *second, table);
    std::int64_t position = 0;
    for (const linkage::WeightPart& part : story.parts)
      weights.integer(item).integer(++position).text(part.field).text(part.level).number(rounded(part.bits)).end_row();
  }
  pairs.close();
  subjects.close();
  weights.close();
  db::Appender edges = staged.appender("link_edge");
  for (const linkage::Edge& edge : result.edges) {
    if (edge.reason == linkage::EdgeReason::same_row) continue;
    const RowPlace a = std::min(places[edge.a], places[edge.b]), b = std::max(places[edge.a], places[edge.b]);
    edges.integer(result.person[edge.a].value).integer(a.source).integer(a.line).integer(b.source).integer(b.line).text(to_string(edge.reason));
    edges.number(rounded(static_cast<double>(edge.weight))).end_row();
  }
  edges.close();
}

void keep_queue(const std::filesystem::path& staged, const std::filesystem::path& identity, const db::DuckOptions& options) {
  const db::Duck duck(identity, options);
  db::Connection connection = duck.connect();
  std::string quoted;
  for (const char c : staged.string()) quoted += c == '\'' ? "''" : std::string(1, c);
  connection.execute("ATTACH '" + quoted + "' AS staged (READ_ONLY)");
  constexpr std::pair<const char*, const char*> tables[] = {{"review_pair", "item"},
                                                            {"review_subject", "item, side, position"},
                                                            {"review_weight", "item, position"},
                                                            {"link_edge", "person, source_a, line_a, source_b, line_b"}};
  for (const auto& [table, order] : tables) connection.execute(fmt::format("CREATE OR REPLACE TABLE {0} AS FROM staged.{0} ORDER BY {1}", table, order));
  connection.execute("DETACH staged");
  connection.execute("CHECKPOINT");
}

}  // namespace catchment::build
