// Feeds: receipts, fields, findings, quarantine.
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <set>

#include "api/feed_freshness.h"
#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

Count days_between(std::string_view frequency) {
  if (frequency == "daily") return 1;
  if (frequency == "weekly") return 7;
  if (frequency == "monthly") return 31;
  if (frequency == "quarterly") return 92;
  if (frequency == "yearly") return 366;
  return std::nullopt;  // once
}

std::string_view title_of(std::string_view rule) {
  struct Title {
    std::string_view rule, title;
  };
  static constexpr std::array titles = {
      Title{"required", "A required value is missing"},
      Title{"type", "The value is not of the kind expected"},
      Title{"range", "The value is outside what is possible"},
      Title{"list", "The value is not one of those allowed"},
      Title{"code-shape", "The code has not the shape of its system"},
      Title{"code-unknown", "The code is not known"},
      Title{"nhs-number", "The NHS number fails its check digit or is a placeholder"},
      Title{"unit-unknown", "The unit is not known"},
      Title{"future-date", "The date is after the day of the extract"},
      Title{"length", "The value is too long"},
      Title{"date-order", "Dates are in the wrong order"},
      Title{"duplicate-key", "The same key twice"},
      Title{"any-of", "None of several values is given"},
      Title{"word", "The word is not one of the list"},
      Title{"local-time", "A clock time that happens twice or never, when clocks change"},
      Title{"organisation-unknown", "The organisation code is in no register"},
      Title{"organisation-retired", "The organisation code had ended by the day of the row"},
      Title{"cells", "The row has another number of cells than the header"},
      Title{"quoting", "Quotes do not match"},
      Title{"encoding", "The text is not in the encoding declared"},
      Title{"line-too-long", "The line is too long"},
      Title{"json", "Not valid JSON"},
      Title{"resource-type", "A resource type this feed does not take"},
      Title{"reference", "A reference leads nowhere"},
      Title{"nothing-to-stage", "Nothing in the row could be kept"},
      Title{"empty-file", "The file is empty"},
      Title{"not-a-file", "Not a file"},
      Title{"unreadable", "The file could not be read"},
      Title{"truncated", "The file ends too soon"},
      Title{"column-absent", "A column is not there"},
      Title{"duplicate-file", "The same file was delivered before"},
      Title{"superseded", "A later delivery replaces this file"},
      Title{"no-feed", "No feed takes this file"},
      Title{"drift-volume", "Far more or fewer rows than last time"},
      Title{"drift-completeness", "Far more or fewer values than last time"},
  };
  for (const auto& each : titles)
    if (each.rule == rule) return each.title;
  return rule;
}

/// What a partner can do about it.
Text fix_of(std::string_view rule) {
  struct Fix {
    std::string_view rule, fix;
  };
  static constexpr std::array fixes = {
      Fix{"required", "fill the column at the source"},
      Fix{"type", "write the value as the feed declares it"},
      Fix{"range", "look at the unit and the decimal point"},
      Fix{"list", "use one of the words the feed lists"},
      Fix{"code-shape", "send the whole code; look for lost digits"},
      Fix{"code-unknown", "use a current code"},
      Fix{"nhs-number", "trace the number again"},
      Fix{"unit-unknown", "use a unit of units.csv, or add it there"},
      Fix{"future-date", "look for swapped day and month, and for placeholders"},
      Fix{"date-order", "look for swapped dates"},
      Fix{"duplicate-key", "send each key once"},
      Fix{"quoting", "quote cells that hold a quote or a comma"},
      Fix{"cells", "look for commas without quotes"},
      Fix{"encoding", "export as UTF-8, or declare the encoding"},
      Fix{"word", "use one of the words the feed lists"},
      Fix{"column-absent", "send the column, or take it out of the feed"},
      Fix{"truncated", "send the file again"},
      Fix{"unreadable", "send the file again"},
  };
  for (const auto& each : fixes)
    if (each.rule == rule) return std::string(each.fix);
  return std::nullopt;
}

/// "digits:9" as a person reads it: "digits, 9 characters".
std::string value_words(const std::string& value_class) {
  const auto colon = value_class.rfind(':');
  if (colon == std::string::npos) return value_class;
  const std::string length = value_class.substr(colon + 1);
  return value_class.substr(0, colon) + ", " + length + (length == "1" ? " character" : " characters");
}

Number percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

bool was_read(const records::Receipt& receipt) { return receipt.status == "complete" || receipt.status == "incomplete"; }

const intake::Feed* feed_definition(const DefinitionSet& set, std::string_view name) {
  for (const auto& feed : set.feeds.feeds)
    if (feed.name == name) return &feed;
  return nullptr;
}

std::string key_text(const intake::Feed& feed) {
  switch (feed.key) {
    case intake::KeyKind::nhs_number: return "nhs_number";
    case intake::KeyKind::local_id: return "local_id";
    case intake::KeyKind::none: return "none";
    case intake::KeyKind::pseudonym: return "pseudonym:" + feed.key_domain;
  }
  return "local_id";
}

/// Share of the required columns that are filled, over a file.
Number completeness_of(const records::Receipt& receipt, const intake::Feed* feed) {
  std::int64_t present = 0, wanted = 0;
  for (const auto& field : receipt.fields) {
    bool required = feed == nullptr;
    if (feed != nullptr)
      for (const auto& column : feed->columns) required = required || (column.name == field.field && column.required);
    if (!required) continue;
    present += field.present;
    wanted += receipt.rows_read;
  }
  return percent(present, wanted);
}

/// When a file came to lie in the extracts folder; nothing when it is no longer there.
std::optional<Instant> received_at(const records::Snapshot& snapshot, const std::string& file) {
  struct stat facts{};
  const auto path = snapshot.files().folder.parent_path().parent_path() / "extracts" / file;
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return Instant{static_cast<std::int64_t>(facts.st_mtime) * 1000, 0};
}

std::string status_words(const FeedSummary& summary, const FeedFreshness& freshness, std::string_view frequency,
                         const std::function<std::string(const std::string&)>& name_of) {
  if (summary.rows_read == 0) return "declared, but nothing has arrived";
  if (!freshness.behind.empty()) {
    const Behind& first = freshness.behind.front();
    std::string text = name_of(first.partner) + " has not sent " + period_words(first.expected, frequency);
    if (first.periods > 1) text += fmt::format(" nor what came after ({} files)", first.periods);
    if (freshness.behind.size() > 1) text += fmt::format("; {} more partners are behind", freshness.behind.size() - 1);
    return text;
  }
  std::string text = freshness.newest ? "sent up to " + to_long_string(*freshness.newest) : "";
  if (summary.latest_event) text += fmt::format("{}latest event {}", text.empty() ? "" : ", ", to_long_string(*summary.latest_event));
  if (freshness.next_due) text += ", next file due by " + to_long_string(*freshness.next_due);
  return text.empty() ? "its rows carry no dates" : text;
}

}  // namespace

void SnapshotSource::summarise_feeds() {
  std::map<std::string, FeedSummary> by_id;
  std::map<std::string, std::set<std::string>> partners;
  std::map<std::string, std::vector<Delivered>> delivered;
  std::map<std::string, std::string> frequency;
  for (const auto& receipt : receipts_) frequency[receipt.feed] = receipt.frequency;
  for (const auto& feed : definitions_->feeds.feeds) by_id[feed.name].id = feed.name;
  for (const auto& receipt : receipts_) {
    if (receipt.feed.empty()) continue;
    FeedSummary& summary = by_id[receipt.feed];
    summary.id = receipt.feed;
    if (!receipt.partner.empty()) partners[receipt.feed].insert(receipt.partner);
    ++summary.deliveries;
    summary.every_days = days_between(receipt.frequency);
    summary.tolerance = 100.0 * receipt.tolerance;
    if (const auto received = received_at(*snapshot_, receipt.file); received && (!summary.last_received || *received > *summary.last_received))
      summary.last_received = received;
    if (!was_read(receipt)) continue;
    delivered[receipt.feed].push_back({receipt.partner, receipt.period});
    if (!receipt.within_tolerance()) over_tolerance_[receipt.feed].push_back(receipt.file);
    summary.rows_read += receipt.rows_read;
    summary.rows_accepted += receipt.rows_accepted;
    summary.rows_quarantined += receipt.rows_quarantined;
    if (receipt.latest_event && (!summary.latest_event || *receipt.latest_event > *summary.latest_event)) summary.latest_event = receipt.latest_event;
    const auto* definition = feed_definition(*definitions_, receipt.feed);
    if (const auto complete = completeness_of(receipt, definition)) {
      summary.completeness_trend.push_back(*complete);
      summary.completeness = complete;
    }
  }
  for (const auto& drift : snapshot_->drift()) {
    const auto found = by_id.find(drift.feed);
    if (found == by_id.end() || drift.severity != "warning") continue;
    auto& note = found->second.drift;
    const std::string kind = drift.measure == "rows" ? "volume" : "completeness";
    note.kind = note.kind == "none" || note.kind == kind ? kind : "both";
    note.detail = drift.measure == "rows"
        ? fmt::format("{} rows before, {} now", with_commas(static_cast<std::int64_t>(drift.before)), with_commas(static_cast<std::int64_t>(drift.now)))
        : fmt::format("{} filled in {}% of rows before, {}% now", drift.column, one_decimal(100 * drift.before), one_decimal(100 * drift.now));
  }
  for (auto& [id, summary] : by_id) {
    const auto* definition = feed_definition(*definitions_, id);
    summary.dataset = definition != nullptr && !definition->title.empty() ? definition->title : id;
    summary.description = definition != nullptr ? "Received as " + (definition->patterns.empty() ? id : definition->patterns.front()) : id;
    summary.key = definition != nullptr ? key_text(*definition) : "local_id";
    if (definition != nullptr) summary.shared_for = definition->purposes;
    if (definition != nullptr) summary.every_days = days_between(definition->frequency);
    if (definition != nullptr) feed_settings_.emplace(id, definition->setting);
    const auto& senders = partners[id];
    if (senders.size() == 1) {
      summary.partner = *senders.begin();
      summary.partner_name = sender_name(summary.partner);
    } else {
      summary.partner_name = senders.empty() ? "not yet heard from" : fmt::format("{} partners", senders.size());
    }
    summary.quarantined_share = percent(summary.rows_quarantined, summary.rows_read);
    if (summary.completeness_trend.size() > 24) summary.completeness_trend.erase(summary.completeness_trend.begin(), summary.completeness_trend.end() - 24);
    const std::string& often = definition != nullptr ? definition->frequency : frequency[id];
    FeedFreshness freshness = feed_freshness(delivered[id], often, definition != nullptr ? definition->late_after_days : 0, snapshot_->manifest().as_of);
    summary.status = summary.rows_read == 0 ? "missing" : freshness.status;
    summary.status_detail = status_words(summary, freshness, often, [this](const std::string& code) { return sender_name(code); });
    for (const auto& one : freshness.behind)
      late_senders_[id].push_back({one.partner, sender_name(one.partner), id, "has not sent " + period_words(one.expected, often)});
    feeds_.push_back(std::move(summary));
  }
}

std::string SnapshotSource::sender_name(const std::string& code) const {
  if (const auto* organisation = system::find_organisation_by_code(definitions_->system, code, snapshot_->manifest().as_of)) return organisation->name;
  if (const auto* practice = system::find_practice(definitions_->system, code)) return practice->name;
  return code;
}

const FeedSummary* SnapshotSource::find_feed(std::string_view id) const {
  for (const auto& feed : feeds_)
    if (feed.id == id) return &feed;
  return nullptr;
}

/// Practices of the system for whom nobody is registered in this snapshot. Empty when the filter sees no counts.
std::vector<MissingSender> SnapshotSource::missing_practices(const Filter& filter) const {
  std::vector<MissingSender> missing;
  if (!filter.sees_counts()) return missing;
  const std::lock_guard lock(heard_mutex_);
  if (!heard_) {
    heard_.emplace();
    for (const auto& row : snapshot_->count({records::Population::registered, {records::Dimension::practice}, {}, {}}, filter)) heard_->insert(row.keys[0]);
  }
  const auto feed_for = [&](const std::string& record_system) {
    std::string best;
    for (const auto& feed : feeds_) {
      const auto setting = feed_settings_.find(feed.id);
      if (setting == feed_settings_.end() || setting->second != "general-practice") continue;
      if (best.empty() || (!record_system.empty() && feed.id.find(record_system) != std::string::npos && best.find(record_system) == std::string::npos))
        best = feed.id;
    }
    return best;
  };
  for (const auto& practice : definitions_->system.practices) {
    const bool open =
        (!practice.opened || *practice.opened <= snapshot_->manifest().as_of) && (!practice.closed || snapshot_->manifest().as_of <= *practice.closed);
    if (open && !heard_->contains(practice.code))
      missing.push_back({practice.code, practice.name, feed_for(practice.record_system), "nobody is registered there in this snapshot"});
  }
  return missing;
}

std::vector<FeedUse> SnapshotSource::feeds_used(std::initializer_list<std::string_view> settings) const {
  std::vector<FeedUse> uses;
  for (const auto& feed : feeds_) {
    const auto setting = feed_settings_.find(feed.id);
    if (setting == feed_settings_.end() || std::find(settings.begin(), settings.end(), setting->second) == settings.end()) continue;
    uses.push_back({feed.id, feed.partner_name, feed.dataset, feed.status, feed.latest_event, feed.status == "fresh" ? Text{} : Text{feed.status_detail}});
  }
  return uses;
}

Vintage SnapshotSource::vintage(std::initializer_list<std::string_view> settings) const {
  Vintage vintage{"fresh", snapshot_->manifest().as_of};
  for (const auto& use : feeds_used(settings)) {
    if (use.status == "missing") vintage.status = "missing";
    if (use.status == "late" && vintage.status == "fresh") vintage.status = "late";
  }
  return vintage;
}

FeedList SnapshotSource::feeds(const Filter&) const {
  FeedList list;
  list.as_of = snapshot_->manifest().as_of;
  int late = 0;
  for (const auto& feed : feeds_) {
    list.rows_read += feed.rows_read;
    list.rows_accepted += feed.rows_accepted;
    list.rows_quarantined += feed.rows_quarantined;
    late += feed.status == "fresh" || feed.deliveries == 0 ? 0 : 1;
  }
  list.feeds = feeds_;
  list.sentence =
      fmt::format("{} feeds brought {} rows; {} stand in quarantine ({}%); {} {} late.",
                  std::count_if(feeds_.begin(), feeds_.end(), [](const auto& feed) { return feed.deliveries > 0; }), with_commas(list.rows_read),
                  with_commas(list.rows_quarantined), one_decimal(percent(list.rows_quarantined, list.rows_read).value_or(0)), late, late == 1 ? "is" : "are");
  return list;
}

std::optional<FeedDetail> SnapshotSource::feed(const std::string& id, const Filter& filter) const {
  const FeedSummary* summary = find_feed(id);
  if (summary == nullptr) return std::nullopt;
  FeedDetail detail;
  detail.feed = *summary;
  const auto* definition = feed_definition(*definitions_, id);
  std::map<std::string, FeedField> fields;
  for (const auto& receipt : receipts_) {
    if (receipt.feed != id) continue;
    detail.receipts.push_back({receipt.file, received_at(*snapshot_, receipt.file), receipt.sha256, receipt.bytes, receipt.rows_read, receipt.rows_accepted,
                               receipt.rows_quarantined, receipt.latest_event,
                               receipt.status == "superseded"      ? "replaced"
                                   : receipt.status == "duplicate" ? "duplicate"
                                                                   : "current"});
    if (!was_read(receipt)) continue;
    for (const auto& quality : receipt.fields) {
      FeedField& field = fields[quality.field];
      field.column = quality.field;
      field.rows += receipt.rows_read;
      field.filled += quality.present;
      field.valid += quality.present - quality.bad;
    }
  }
  for (auto& [name, field] : fields) {
    field.field = name;
    field.kind = "text";
    if (definition != nullptr)
      for (const auto& column : definition->columns)
        if (column.name == name) field.required = column.required;
    field.completeness = percent(field.filled, field.rows);
    field.validity = percent(field.valid, field.filled);
    detail.feed_fields.push_back(field);
  }
  std::map<std::tuple<std::string, std::string, std::string>, FindingGroup> groups;
  for (const auto& finding : snapshot_->findings({id, std::nullopt, std::nullopt})) {
    FindingGroup& group = groups[{finding.severity, finding.rule, finding.column}];
    group.rule = finding.rule;
    group.title = title_of(finding.rule);
    group.severity = finding.severity;
    if (!finding.column.empty()) group.column = finding.column;
    group.rows += finding.rows;
  }
  for (auto& [key, group] : groups) {
    group.quarantines = group.severity == "error";
    group.share = percent(group.rows, summary->rows_read);
    group.fix = fix_of(group.rule);
    detail.findings.push_back(std::move(group));
  }
  std::stable_sort(detail.findings.begin(), detail.findings.end(), [](const auto& a, const auto& b) { return a.rows > b.rows; });
  if (const auto late = late_senders_.find(id); late != late_senders_.end()) detail.missing_senders = late->second;
  if (const auto setting = feed_settings_.find(id); setting != feed_settings_.end() && setting->second == "general-practice")
    for (auto& practice : missing_practices(filter))
      if (practice.feed == id) detail.missing_senders.push_back(std::move(practice));
  for (const auto& use : feeds_used({"general-practice", "hospital"}))
    if (use.feed == id)
      for (const auto& measure : shelf_->measures())
        if (is_register(measure)) detail.used_by.push_back({measure.id, measure.title, unit_of(measure), "condition"});
  return detail;
}

std::optional<Quarantine> SnapshotSource::quarantine(const QuarantineAsk& ask, const Filter& filter) const {
  const FeedSummary* summary = find_feed(ask.feed);
  if (summary == nullptr) return std::nullopt;
  Quarantine answer;
  answer.feed = ask.feed;
  answer.rule = ask.rule;
  answer.column = ask.column;
  answer.offset = ask.offset;
  answer.limit = ask.limit;
  answer.values_shown = filter.sees_quarantine();
  if (!answer.values_shown)
    answer.values_note = "Rejected values are shown only to data stewards working on data quality. Here is where each stands and what kind of value it is.";
  const auto found = snapshot_->faulty_rows({ask.feed, ask.rule, ask.column, !ask.rule, ask.offset, ask.limit});
  answer.total = found.total;
  for (const auto& row : found.rows) {
    QuarantineRow shown{row.file,
                        row.line,
                        row.column.empty() ? Text{} : Text{row.column},
                        row.rule,
                        std::string(title_of(row.rule)),
                        row.severity == "error",
                        row.value_class.empty() ? Text{} : Text{value_words(row.value_class)},
                        std::nullopt};
    if (answer.values_shown && row.severity == "error" && row.line > 0) {
      const auto held = snapshot_->quarantined({row.source, ask.feed, std::nullopt, 0, 1, row.line}, filter);
      if (!held.empty()) shown.value = held.front().content;
    }
    answer.rows.push_back(std::move(shown));
  }
  return answer;
}

}  // namespace catchment::api
