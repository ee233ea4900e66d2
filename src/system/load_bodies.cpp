#include <algorithm>
#include <set>

#include "system/loading.h"

namespace catchment::system {

namespace {

const std::string bodies_file = "bodies.toml";

// The word of `key` when it is one of `words`; the first of them after an error.
std::string word_of(TomlTable& table, std::string_view key, const std::vector<std::string>& words) {
  std::string word = table.text(key);
  if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) return word;
  std::string all;
  for (const std::string& each : words) all += (all.empty() ? "" : ", ") + each;
  const std::string near = nearest(word, words);
  table.error(key, "'" + word + "' is not one of: " + all, near.empty() ? "choose one of them" : "did you mean '" + near + "'?");
  return words.front();
}

void check_reference(TomlTable& table, std::string_view key, const std::string& id, const KnownIds& known, std::string_view where) {
  if (id.empty() || known.contains(id) || !known.complete) return;
  std::vector<std::string> ids;
  for (const auto& [each, unused] : known) ids.push_back(each);
  const std::string near = nearest(id, ids);
  table.error(key, "there is no '" + id + "' in " + std::string(where), near.empty() ? "add it to " + std::string(where) : "did you mean '" + near + "'?");
}

Seat seat_of(TomlTable& table, const KnownIds& nodes) {
  Seat seat;
  seat.title = table.text("title");
  if (table.has("count")) seat.count = static_cast<int>(table.integer("count", 1, 500));
  seat.from = table.optional_text("from");
  check_reference(table, "from", seat.from, nodes, "organisations.csv or bodies.toml");
  seat.chair = table.yes_no("chair", false);
  seat.votes = table.yes_no("votes", true);
  table.finish();
  return seat;
}

Body body_of(TomlTable& table, Loading& loading) {
  Body body;
  body.id = table.text("id");
  if (!body.id.empty()) {
    if (loading.organisations.contains(body.id)) {
      loading.bodies.complete = false;
      table.error("id", "'" + body.id + "' is already the id of an organisation", "give the body an id of its own");
    }
    if (!loading.bodies.emplace(body.id, loading.system.bodies.size()).second) {
      table.error("id", "'" + body.id + "' is there twice", "give each body an id of its own");
    }
  }
  body.name = table.text("name");
  body.short_name = table.has("short_name") ? table.text("short_name") : body.name;
  body.kind = word_of(table, "kind", {"board", "committee", "partnership", "collaborative", "governing_body", "council", "national", "forum"});
  body.level = word_of(table, "level", {"nation", "system", "place", "provider", "neighbourhood"});
  body.place = table.optional_text("place");
  check_reference(table, "place", body.place, loading.places, "places.csv");
  body.organisation = table.optional_text("organisation");
  check_reference(table, "organisation", body.organisation, loading.organisations, "organisations.csv");
  body.statutory = table.yes_no("statutory", false);
  body.expected = table.yes_no("expected", false);
  body.established = table.date("established");
  body.ended = table.date("ended");
  if (body.established && body.ended && *body.ended < *body.established) { table.error("ended", "it ends before it begins", "check both dates"); }
  body.purpose = table.text("purpose");
  body.decides = table.optional_text("decides");
  body.pays = table.optional_text("pays");
  body.provides = table.optional_text("provides");
  body.scrutinises = table.optional_text("scrutinises");
  body.meets_in_public = table.yes_no("meets_in_public", false);
  if (table.has("notice_clear_days")) body.notice_clear_days = static_cast<int>(table.integer("notice_clear_days", 0, 60));
  body.source = table.optional_text("source");
  return body;
}

void load_links(Loading& loading, const KnownIds& nodes) {
  Table table(loading.definitions, "body_links.csv", {{"from", "to", "kind", "sentence"}}, false);
  std::set<std::string> seen;
  for (Row row : table) {
    BodyLink link;
    link.from = row.reference("from", nodes, "bodies.toml or organisations.csv");
    link.to = row.reference("to", nodes, "bodies.toml or organisations.csv");
    link.kind = row.text("kind");
    if (!link.kind.empty() && std::find(body_link_kinds.begin(), body_link_kinds.end(), link.kind) == body_link_kinds.end()) {
      std::string all;
      for (const std::string_view each : body_link_kinds) all += (all.empty() ? "" : ", ") + std::string(each);
      const std::string near = nearest(link.kind, {body_link_kinds.begin(), body_link_kinds.end()});
      row.error("kind", "'" + link.kind + "' is not one of: " + all, near.empty() ? "choose one of them" : "did you mean '" + near + "'?");
    }
    link.sentence = row.text("sentence");
    if (!link.from.empty() && link.from == link.to) row.error("to", "a line cannot lead back to where it starts", "name another body");
    if (!seen.insert(link.from + '\n' + link.to + '\n' + link.kind).second) { row.error("kind", "this line is there twice", "remove one of the rows"); }
    loading.system.body_links.push_back(std::move(link));
  }
}

void load_posts(Loading& loading) {
  Table table(loading.definitions, "posts.csv", {{"id", "title", "body", "limit_pounds"}, {"from", "to"}}, false);
  KnownIds ids;
  for (Row row : table) {
    Post post;
    post.id = row.id("id", ids);
    post.title = row.text("title");
    post.body = row.reference("body", loading.bodies, bodies_file);
    post.limit_pence = row.integer("limit_pounds", 0, 10'000'000'000) * 100;
    post.from = row.date("from");
    post.to = row.date("to");
    loading.system.posts.push_back(std::move(post));
  }
}

}  // namespace

void load_bodies(Loading& loading) {
  if (!loading.definitions.has(bodies_file)) return;
  const std::optional<TomlValue> root = read_toml(loading.definitions, bodies_file);
  loading.bodies.complete = root.has_value();
  if (!root) return;
  TomlTable top(loading.definitions, bodies_file, *root);
  std::vector<TomlTable> tables = top.tables("body");
  top.finish();
  for (TomlTable& table : tables) loading.system.bodies.push_back(body_of(table, loading));
  KnownIds nodes = loading.organisations;
  nodes.insert(loading.bodies.begin(), loading.bodies.end());
  nodes.complete = loading.organisations.complete && loading.bodies.complete;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (TomlTable& seat : tables[i].tables("seat")) loading.system.bodies[i].seats.push_back(seat_of(seat, nodes));
    tables[i].finish();
    if (loading.system.bodies[i].seats.empty()) {
      tables[i].error("seat", "nobody sits on '" + loading.system.bodies[i].id + "'", "add its seats with [[body.seat]]");
    }
  }
  load_links(loading, nodes);
  load_posts(loading);
}

}  // namespace catchment::system
