// The feeds pages: receipts, fields, findings, quarantine.
#pragma once

#include "api/model/figure.h"

namespace catchment::api {

struct DriftNote {  // schema Drift
  std::string kind = "none";
  Text detail;
  void fields(auto& f) const { f("kind", kind)("detail", detail); }
};

struct FeedSummary {
  std::string id, partner, partner_name, dataset, description;
  std::vector<std::string> shared_for;
  std::string key, status, status_detail;
  Count every_days;
  Day latest_event;
  std::optional<Instant> last_received;
  std::int64_t deliveries = 0, rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  Number quarantined_share, tolerance, completeness;
  std::vector<double> completeness_trend;
  DriftNote drift;
  void fields(auto& f) const {
    f("id", id)("partner", partner)("partner_name", partner_name)("dataset", dataset)("description", description)("shared_for", shared_for);
    f("key", key)("status", status)("status_detail", status_detail)("every_days", every_days)("latest_event", latest_event);
    f("last_received", last_received)("deliveries", deliveries)("rows_read", rows_read)("rows_accepted", rows_accepted);
    f("rows_quarantined", rows_quarantined)("quarantined_share", quarantined_share)("tolerance", tolerance)("completeness", completeness);
    f("completeness_trend", completeness_trend)("drift", drift);
  }
};

struct FeedList {
  std::string sentence;
  Date as_of;
  std::int64_t rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  std::vector<FeedSummary> feeds;
  void fields(auto& f) const {
    f("sentence", sentence)("as_of", as_of)("rows_read", rows_read)("rows_accepted", rows_accepted)("rows_quarantined", rows_quarantined)("feeds", feeds);
  }
};

struct ReceiptInfo {  // schema Receipt
  std::string file;
  std::optional<Instant> received_at;
  std::string checksum;
  std::int64_t bytes = 0, rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  Day latest_event;
  std::string standing = "current";
  void fields(auto& f) const {
    f("file", file)("received_at", received_at)("checksum", checksum)("bytes", bytes)("rows_read", rows_read)("rows_accepted", rows_accepted);
    f("rows_quarantined", rows_quarantined)("latest_event", latest_event)("standing", standing);
  }
};

struct FeedField {
  std::string column, field;
  bool required = false;
  std::string kind;
  std::int64_t rows = 0, filled = 0, valid = 0;
  Number completeness, validity;
  void fields(auto& f) const {
    f("column", column)("field", field)("required", required)("kind", kind)("rows", rows)("filled", filled)("valid", valid);
    f("completeness", completeness)("validity", validity);
  }
};

struct FindingGroup {
  std::string rule, title, severity;
  Text column;
  std::int64_t rows = 0;
  bool quarantines = false;
  Number share;
  Text fix;
  void fields(auto& f) const {
    f("rule", rule)("title", title)("severity", severity)("column", column)("rows", rows)("quarantines", quarantines)("share", share)("fix", fix);
  }
};

struct FeedDetail {
  FeedSummary feed;
  std::vector<ReceiptInfo> receipts;
  std::vector<FeedField> feed_fields;
  std::vector<FindingGroup> findings;
  std::vector<MissingSender> missing_senders;
  std::vector<MeasureOption> used_by;
  void fields(auto& f) const {
    f("feed", feed)("receipts", receipts)("fields", feed_fields)("findings", findings)("missing_senders", missing_senders)("used_by", used_by);
  }
};

struct QuarantineRow {
  std::string file;
  std::int64_t line = 0;
  Text column;
  std::string rule, title;
  bool quarantined = true;
  Text value_class, value;
  void fields(auto& f) const {
    f("file", file)("line", line)("column", column)("rule", rule)("title", title)("quarantined", quarantined)("value_class", value_class)("value", value);
  }
};

struct Quarantine {
  std::string feed;
  Text rule, column;
  std::int64_t total = 0, offset = 0, limit = 0;
  bool values_shown = false;
  Text values_note;
  std::vector<QuarantineRow> rows;
  void fields(auto& f) const {
    f("feed", feed)("rule", rule)("column", column)("total", total)("offset", offset)("limit", limit)("values_shown", values_shown)("values_note", values_note)(
        "rows", rows);
  }
};

}  // namespace catchment::api
