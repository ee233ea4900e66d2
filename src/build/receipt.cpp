#include "build/receipt.h"

#include <fmt/core.h>

#include <algorithm>

#include "build/sql.h"
#include "json/json.h"

namespace catchment::build {
namespace {

// 1234567 -> "1,234,567"
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string size_text(std::uint64_t bytes) {
  return bytes >= 1'000'000'000 ? fmt::format("{:.2f} GB", static_cast<double>(bytes) / 1e9) : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string time_text(double seconds) {
  if (seconds < 90) return fmt::format("{:.1f} s", seconds);
  const int minutes = static_cast<int>(seconds) / 60;
  return fmt::format("{} min {:.0f} s", minutes, seconds - 60.0 * minutes);
}

template <typename Fill>
void each(const std::filesystem::path& population, const db::DuckOptions& options, std::string_view statement, const Fill& fill) {
  db::DuckOptions reading = options;
  reading.read_only = true;
  const db::Duck duck(population, reading);
  db::Connection connection = duck.connect();
  db::Rows rows = connection.query(statement);
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) fill(chunk, r);
}

std::string feeds_text(const Receipt& receipt) {
  std::string out = fmt::format("\n{:<28}{:>6}{:>14}{:>14}{:>13}  {:<10}\n", "Feed", "files", "rows", "accepted", "quarantined", "latest");
  for (const FeedReceipt& feed : receipt.feeds)
    out += fmt::format("{:<28}{:>6}{:>14}{:>14}{:>13}  {:<10}{}\n", feed.feed.empty() ? "(no feed)" : feed.feed, feed.files, grouped(feed.read),
                       grouped(feed.accepted), grouped(feed.quarantined), feed.latest_event ? to_string(*feed.latest_event) : "",
                       feed.within_tolerance ? "" : "  above tolerance");
  return out;
}

std::string quarantine_text(const Receipt& receipt) {
  if (receipt.quarantined.empty()) return "";
  std::string out = "\nQuarantined, most rows first\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(receipt.quarantined.size(), 20); ++i) {
    const ReasonCount& reason = receipt.quarantined[i];
    out += fmt::format("{:>12}  {} {}: {}\n", grouped(reason.rows), reason.feed, reason.column, reason.rule);
  }
  if (receipt.quarantined.size() > 20) out += fmt::format("{:>12}  more reasons\n", receipt.quarantined.size() - 20);
  return out;
}

std::string link_work_text(const LinkWork& work) {
  if (work.why_trained.empty() && work.weights_of.empty()) return "";
  std::string out = work.weights_of.empty() ? "Link weights: found in this build (" + work.why_trained + ")\n"
                                            : "Link weights: of snapshot " + work.weights_of + ", built " + work.weights_from + "\n";
  if (work.loose > 0)
    out += fmt::format("{:>12}  loose identities, {} placed again{}\n", grouped(work.loose), grouped(work.loose - work.taken_over),
                       work.why_all_placed.empty() ? ": the others stand as they were" : " (" + work.why_all_placed + ")");
  return out;
}

std::string people_text(const Receipt& receipt) {
  std::string out = fmt::format("\nPeople: {} ({} residents, {} registered) from {} subjects", grouped(receipt.persons), grouped(receipt.residents),
                                grouped(receipt.registered), grouped(receipt.subjects));
  if (receipt.synthetic && receipt.represented_population > 0) out += fmt::format(", standing for {}", grouped(receipt.represented_population));
  out += "\n";
  for (const auto& [reason, count] : receipt.links) out += fmt::format("{:>12}  links by {}\n", grouped(count), reason);
  if (receipt.review_pairs > 0)
    out += fmt::format("{:>12}  pairs for review ({} less likely ones were left out)\n", grouped(receipt.review_pairs), grouped(receipt.review_left_out));
  if (receipt.unlinkable > 0) out += fmt::format("{:>12}  rows that hold too little to link\n", grouped(receipt.unlinkable));
  for (const auto& [rule, count] : receipt.link_findings) out += fmt::format("{:>12}  rows: {}\n", grouped(count), rule);
  out += link_work_text(receipt.link_work);
  if (receipt.accuracy) {
    const LinkageAccuracy& a = *receipt.accuracy;
    out += fmt::format("Linkage against truth ({} subjects of {} people): precision {:.4f}, recall {:.4f}, F1 {:.4f} ({} pairs right, {} missed, {} wrong)\n",
                       grouped(a.rows), grouped(a.true_persons), a.precision(), a.recall(), a.f1(), grouped(a.pairs_right), grouped(a.pairs_missed),
                       grouped(a.pairs_wrong));
    for (const AccuracyGroup& g : a.groups) {
      if (g.kind == "subjects")
        out += fmt::format("{:>12}  pairs where {}: precision {:.5f}, recall {:.5f}\n", grouped(g.pairs_right + g.pairs_missed), g.value, g.precision(),
                           1 - g.missed_rate());
      else out += fmt::format("{:>12}  pairs of {} {}: {:.2f}% missed\n", grouped(g.pairs_right + g.pairs_missed), g.kind, g.value, 100 * g.missed_rate());
    }
  }
  return out;
}

}  // namespace

void describe_snapshot(const std::filesystem::path& population, const db::DuckOptions& options, Receipt& receipt) {
  each(population, options, sql::receipt_people, [&](const db::Chunk& c, std::size_t r) {
    receipt.persons = c.integer(0, r);
    receipt.residents = c.integer(1, r);
    receipt.registered = c.integer(2, r);
  });
  for (std::size_t i = 0; i < records::table_total; ++i)
    each(population, options, "SELECT count(*) FROM " + db::quoted_name(records::table_at(i).name),
         [&](const db::Chunk& c, std::size_t r) { receipt.rows[std::string(records::table_at(i).name)] = c.integer(0, r); });
  each(population, options, sql::receipt_feeds, [&](const db::Chunk& c, std::size_t r) {
    FeedReceipt& feed = receipt.feeds.emplace_back();
    feed.feed = c.text(0, r);
    feed.files = c.integer(1, r);
    feed.read = c.is_null(2, r) ? 0 : c.integer(2, r);
    feed.accepted = c.is_null(3, r) ? 0 : c.integer(3, r);
    feed.quarantined = c.is_null(4, r) ? 0 : c.integer(4, r);
    feed.tolerance = c.is_null(5, r) ? 0 : c.number(5, r);
    if (!c.is_null(6, r)) feed.latest_event = c.date(6, r);
  });
  each(population, options, sql::receipt_tolerance, [&](const db::Chunk& c, std::size_t r) {  // a feed is within its tolerance when each of its files is
    const auto feed = std::find_if(receipt.feeds.begin(), receipt.feeds.end(), [&](const FeedReceipt& one) { return one.feed == c.text(0, r); });
    if (feed != receipt.feeds.end() && !records::within_tolerance(c.integer(1, r), c.integer(2, r), c.number(3, r))) feed->within_tolerance = false;
  });
  each(population, options, sql::receipt_quarantined, [&](const db::Chunk& c, std::size_t r) {
    receipt.quarantined.push_back({std::string(c.text(0, r)), std::string(c.text(1, r)), std::string(c.text(2, r)), c.integer(3, r)});
  });
}

std::vector<records::FileHash> extract_hashes(const std::filesystem::path& population, const db::DuckOptions& options) {
  std::vector<records::FileHash> files;
  each(population, options, sql::receipt_extracts,
       [&](const db::Chunk& c, std::size_t r) { files.push_back({std::string(c.text(0, r)), std::string(c.text(1, r))}); });
  return files;
}

std::string to_text(const Receipt& receipt) {
  std::string out;
  if (receipt.snapshot.empty()) {
    out = fmt::format("Stage {} done.\n", receipt.stage);
  } else {
    out = fmt::format("Snapshot {} of {}, as of {}\n", receipt.snapshot, receipt.system_name, to_long_string(receipt.as_of));
    if (receipt.synthetic) out += "Synthetic data: not real people or performance.\n";
    out += feeds_text(receipt) + quarantine_text(receipt) + people_text(receipt);
    std::int64_t total = 0;
    for (const auto& [table, rows] : receipt.rows) total += rows;
    if (total > 0) {
      out += fmt::format("\nRecord: {} rows\n", grouped(total));
      for (const auto& [table, rows] : receipt.rows)
        if (rows > 0) out += fmt::format("{:>14}  {}\n", grouped(rows), table);
    }
    out += fmt::format("\nHead counts: {} ({} hidden to protect people)\n", grouped(receipt.results), grouped(receipt.suppressed));
    if (receipt.measures > 0) out += fmt::format("Measures: {} ({} figures made)\n", grouped(receipt.measures), grouped(receipt.measure_figures));
    out += fmt::format("Disk: {}\nContent: {}\n", size_text(receipt.disk_bytes), receipt.content_hash);
  }
  double all = 0;
  out += "Time:";
  for (const StageTime& time : receipt.times) {
    out += fmt::format(" {} {},", time.stage, time_text(time.seconds));
    all += time.seconds;
  }
  out += fmt::format(" {} in all; memory at most {}\n", time_text(all), size_text(receipt.peak_memory_bytes));
  for (const std::string& failure : receipt.failures) out += "Failed: " + failure + "\n";
  return out;
}

std::string to_json(const Receipt& r) {
  json::Writer w;
  w.begin_object();
  w.key("snapshot").string(r.snapshot).key("system_name").string(r.system_name).key("synthetic").boolean(r.synthetic);
  w.key("represented_population").integer(r.represented_population);
  w.key("as_of").string(to_string(r.as_of)).key("built_at").string(to_string(r.built_at)).key("content_hash").string(r.content_hash);
  w.key("passed").boolean(r.passed());
  w.key("failures").begin_array();
  for (const std::string& failure : r.failures) w.string(failure);
  w.end_array().key("feeds").begin_array();
  for (const FeedReceipt& f : r.feeds) {
    w.begin_object().key("feed").string(f.feed).key("files").integer(f.files).key("rows_read").integer(f.read).key("rows_accepted").integer(f.accepted);
    w.key("rows_quarantined")
        .integer(f.quarantined)
        .key("tolerance")
        .number(f.tolerance)
        .key("within_tolerance")
        .boolean(f.within_tolerance)
        .key("latest_event");
    f.latest_event ? w.string(to_string(*f.latest_event)) : w.null();
    w.end_object();
  }
  w.end_array().key("quarantined").begin_array();
  for (const ReasonCount& q : r.quarantined)
    w.begin_object().key("feed").string(q.feed).key("rule").string(q.rule).key("column").string(q.column).key("rows").integer(q.rows).end_object();
  w.end_array()
      .key("subjects")
      .integer(r.subjects)
      .key("persons")
      .integer(r.persons)
      .key("residents")
      .integer(r.residents)
      .key("registered")
      .integer(r.registered);
  const auto counts = [&](std::string_view name, const std::map<std::string, std::int64_t>& values) {
    w.key(name).begin_object();
    for (const auto& [key, value] : values) w.key(key).integer(value);
    w.end_object();
  };
  counts("links", r.links);
  w.key("review_pairs").integer(r.review_pairs).key("review_left_out").integer(r.review_left_out).key("unlinkable_rows").integer(r.unlinkable);
  counts("link_findings", r.link_findings);
  const LinkWork& work = r.link_work;
  w.key("link_work").begin_object().key("weights_of").string(work.weights_of).key("weights_from").string(work.weights_from);
  w.key("why_trained").string(work.why_trained).key("loose_identities").integer(work.loose).key("taken_over").integer(work.taken_over);
  w.key("placed").integer(work.loose - work.taken_over).key("why_all_placed").string(work.why_all_placed).end_object();
  counts("rows", r.rows);
  w.key("results").integer(r.results).key("suppressed").integer(r.suppressed).key("disk_bytes").integer(static_cast<std::int64_t>(r.disk_bytes));
  w.key("linkage_accuracy");
  if (r.accuracy) {
    const LinkageAccuracy& a = *r.accuracy;
    w.begin_object().key("subjects").integer(a.rows).key("true_persons").integer(a.true_persons).key("persons").integer(a.persons);
    w.key("pairs_right").integer(a.pairs_right).key("pairs_missed").integer(a.pairs_missed).key("pairs_wrong").integer(a.pairs_wrong);
    w.key("precision").number(a.precision()).key("recall").number(a.recall()).key("f1").number(a.f1()).key("groups").begin_array();
    for (const AccuracyGroup& g : a.groups) {
      w.begin_object()
          .key("kind")
          .string(g.kind)
          .key("value")
          .string(g.value)
          .key("pairs_right")
          .integer(g.pairs_right)
          .key("pairs_missed")
          .integer(g.pairs_missed);
      w.key("pairs_wrong").integer(g.pairs_wrong).end_object();
    }
    w.end_array().end_object();
  } else {
    w.null();
  }
  w.key("stages").begin_array();
  for (const StageTime& t : r.times) w.begin_object().key("stage").string(t.stage).key("seconds").number(t.seconds).end_object();
  w.end_array().key("peak_memory_bytes").integer(static_cast<std::int64_t>(r.peak_memory_bytes));
  w.end_object();
  return w.take() + "\n";
}

}  // namespace catchment::build
