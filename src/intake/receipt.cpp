// Receipts for people and for programs.
#include <fmt/core.h>

#include "intake/intake.h"
#include "json/json.h"

namespace catchment::intake {

namespace {

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

}  // namespace

std::string to_text(const IntakeResult& result) {
  std::string out = fmt::format("{:<44} {:<11} {:>13} {:>13} {:>11} {:>13}  {:<10}\n", "file", "status", "rows", "accepted", "quarantined", "staged", "latest");
  for (const auto& r : result.receipts) {
    out += fmt::format("{:<44} {:<11} {:>13} {:>13} {:>11} {:>13}  {:<10}\n", r.file, r.status, grouped(r.rows_read), grouped(r.rows_accepted),
                       grouped(r.rows_quarantined), grouped(r.rows_staged), r.latest_event ? to_string(*r.latest_event) : "-");
    for (const auto& f : r.findings) out += fmt::format("    {:<8} {:<18} {:<28} {:>13}\n", f.severity, f.rule, f.column, grouped(f.rows));
  }
  out += fmt::format("{} files, {} rows read = {} accepted + {} quarantined; {} rows staged, {} subjects\n", grouped(result.receipts.size()),
                     grouped(result.rows_read), grouped(result.rows_accepted), grouped(result.rows_quarantined), grouped(result.rows_staged),
                     grouped(result.subjects));
  for (const auto& f : result.failures) out += "failed: " + f + "\n";
  return out;
}

std::string to_json(const IntakeResult& result) {
  json::Writer w;
  const auto count = [&](const char* name, std::uint64_t n) { w.key(name).integer(static_cast<std::int64_t>(n)); };
  w.begin_object();
  count("rows_read", result.rows_read);
  count("rows_accepted", result.rows_accepted);
  count("rows_quarantined", result.rows_quarantined);
  count("rows_staged", result.rows_staged);
  count("subjects", result.subjects);
  w.key("failures").begin_array();
  for (const auto& f : result.failures) w.string(f);
  w.end_array();
  w.key("files").begin_array();
  for (const auto& r : result.receipts) {
    w.begin_object();
    w.key("file").string(r.file).key("feed").string(r.feed).key("partner").string(r.partner).key("period").string(r.period);
    w.key("delivery").string(r.delivery).key("status").string(r.status).key("sha256").string(r.sha256);
    count("bytes", r.bytes);
    count("rows_read", r.rows_read);
    count("rows_accepted", r.rows_accepted);
    count("rows_quarantined", r.rows_quarantined);
    count("rows_staged", r.rows_staged);
    w.key("latest_event");
    if (r.latest_event) w.string(to_string(*r.latest_event));
    else w.null();
    w.key("fields").begin_array();
    for (const auto& f : r.fields) {
      w.begin_object().key("column").string(f.column);
      count("present", f.present);
      count("bad", f.bad);
      w.end_object();
    }
    w.end_array().key("findings").begin_array();
    for (const auto& f : r.findings) {
      w.begin_object().key("rule").string(f.rule).key("column").string(f.column).key("severity").string(f.severity);
      count("rows", f.rows);
      w.end_object();
    }
    w.end_array().end_object();
  }
  w.end_array().end_object();
  return w.take();
}

}  // namespace catchment::intake
