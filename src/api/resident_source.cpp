// One resident: search, banner, timeline, tables. Everything here comes through the filter.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "api/resident_lanes.h"
#include "api/snapshot_source.h"
#include "base/nhs_number.h"
#include "measures/measures.h"

namespace catchment::api {

namespace {

constexpr std::size_t longest_timeline = 5'000;
constexpr std::size_t longest_series = 60;
constexpr std::size_t most_series = 12;

Text text_or_nothing(std::string_view text) { return text.empty() ? Text{} : Text{std::string(text)}; }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string full_name(const records::Identity& identity) {
  if (identity.family.empty() && identity.given.empty()) return "Name not known";
  return upper(identity.family.empty() ? "not known" : identity.family) + ", " + (identity.given.empty() ? "not known" : identity.given);
}

Text shown_number(const std::string& digits) {
  const auto number = read_nhs_number(digits);
  if (number.fault != NhsNumberFault::none) return std::nullopt;
  return to_display(number.number);
}

Count age_of(const Day& birth, const Day& death, Date today) {
  if (!birth) return std::nullopt;
  return age_in_years(*birth, death.value_or(today));
}

/// "Family Given", "Given Family" or "Family, Given": tried in that order of meaning.
std::vector<records::NameQuery> name_queries(const ResidentAsk& ask) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char c : ask.query) {
    if (c == ' ' || c == ',') end();
    else word += c;
  }
  end();
  std::vector<records::NameQuery> queries;
  if (words.empty()) return queries;
  const auto limit = static_cast<std::size_t>(ask.limit) + 1;
  queries.push_back({words[0], words.size() > 1 ? words[1] : "", ask.birth_date, limit});
  if (words.size() > 1 && ask.query.find(',') == std::string::npos) queries.push_back({words.back(), words[0], ask.birth_date, limit});
  return queries;
}

}  // namespace

std::string SnapshotSource::setting_of(SourceId source) const {
  const auto found = settings_.find(source.value);
  return found == settings_.end() ? "other" : found->second;
}

ResidentHit SnapshotSource::hit(const records::Identity& identity, const Filter& filter) const {
  ResidentHit hit;
  hit.person = identity.person;
  hit.name = full_name(identity);
  hit.birth_date = identity.birth_date;
  hit.died = identity.death_date;
  hit.age = age_of(identity.birth_date, identity.death_date, today());
  hit.sex = identity.sex.empty() ? "unknown" : identity.sex;
  hit.nhs_number = shown_number(identity.nhs_number);
  hit.restricted = identity.restricted;
  if (identity.restricted && !filter.sees_restricted_addresses()) return hit;
  hit.postcode = text_or_nothing(identity.postcode);
  if (const auto summary = snapshot_->person_summary(identity.person, filter)) {
    hit.place = text_or_nothing(snapshot_->dictionaries().place(summary->place).name);
    hit.practice = text_or_nothing(snapshot_->dictionaries().organisation(summary->practice).name);
  }
  return hit;
}

ResidentsFound SnapshotSource::search_residents(const ResidentAsk& ask, const Filter& filter) const {
  ResidentsFound found;
  std::vector<records::Identity> identities;
  const bool digits = std::all_of(ask.query.begin(), ask.query.end(), [](char c) { return (c >= '0' && c <= '9') || c == ' ' || c == '-'; });
  if (digits) {
    const auto number = read_nhs_number(ask.query);
    if (number.fault != NhsNumberFault::none) {
      found.note = number.fault == NhsNumberFault::not_ten_digits ? "An NHS number has ten digits."
                                                                  : "This is not an NHS number: its check digit is wrong. Look at it again.";
      return found;
    }
    identities = snapshot_->find_by_nhs_number(number.number, filter);
  } else {
    std::set<std::int64_t> seen;
    for (const auto& query : name_queries(ask))
      for (auto& identity : snapshot_->find_by_name(query, filter))
        if (seen.insert(identity.person.value).second) identities.push_back(std::move(identity));
  }
  found.more = static_cast<std::int64_t>(identities.size()) > ask.limit;
  if (found.more) identities.resize(static_cast<std::size_t>(ask.limit));
  for (const auto& identity : identities) found.hits.push_back(hit(identity, filter));
  if (found.hits.empty()) found.note = "Nobody was found. Check the spelling, or try the NHS number.";
  return found;
}

Banner SnapshotSource::banner(const records::PersonBlock& block, const records::Identity& identity) const {
  const auto& summary = block.summary;
  const auto& dictionaries = snapshot_->dictionaries();
  Banner banner;
  banner.name = full_name(identity);
  banner.birth_date = identity.birth_date ? identity.birth_date : summary.birth_date;
  banner.died = summary.death_date ? summary.death_date : identity.death_date;
  banner.age = age_of(banner.birth_date, banner.died, today());
  banner.sex = std::string(records::to_string(summary.sex));
  banner.nhs_number = shown_number(identity.nhs_number);
  banner.number_status = text_or_nothing(identity.number_status);
  banner.language = text_or_nothing(identity.language);
  const auto& ethnicity = dictionaries.code(summary.ethnicity);
  banner.ethnicity = !ethnicity.display.empty() ? ethnicity.display : std::string(records::to_string(summary.ethnic_group));
  banner.restricted = summary.restricted || identity.restricted;
  if (banner.restricted) {
    banner.alerts.emplace_back("Address, contact and practice are withheld: protected location");
  } else {
    banner.address =
        text_or_nothing(identity.address.empty() ? identity.postcode : identity.address + (identity.postcode.empty() ? "" : ", " + identity.postcode));
    banner.telephone = text_or_nothing(identity.telephone);
    const auto& practice = dictionaries.organisation(summary.practice);
    banner.practice_code = text_or_nothing(practice.code);
    banner.practice = text_or_nothing(practice.name.empty() ? practice.code : practice.name);
    banner.place = text_or_nothing(dictionaries.place(summary.place).name);
    banner.small_area = text_or_nothing(dictionaries.area(summary.area).name);
  }
  if (banner.died) banner.alerts.emplace_back("Died " + to_long_string(*banner.died));
  return banner;
}

std::optional<ResidentRecord> SnapshotSource::resident(PersonId person, const Filter& filter) const {
  const auto block = snapshot_->person_block(person, filter);
  const auto identity = snapshot_->identity(person, filter);
  if (!block || !identity) return std::nullopt;
  ResidentRecord record;
  record.banner = banner(*block, *identity);
  RecordReader reader{*block, snapshot_->dictionaries(), filter, today(), record.banner.restricted, [this](SourceId source) { return setting_of(source); }, {}};
  reader.read_timeline(record);
  std::stable_sort(record.timeline.begin(), record.timeline.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
  record.timeline_truncated = record.timeline.size() > longest_timeline;
  if (record.timeline_truncated) record.timeline.erase(record.timeline.begin(), record.timeline.end() - static_cast<std::ptrdiff_t>(longest_timeline));
  record.lanes = lanes_of(record.timeline);
  record.series = reader.series(most_series, longest_series);
  reader.read_lists(record);
  record.involved = reader.involved();
  record.what_matters = reader.what_matters(record);
  for (const auto& table : block->tables)
    if (!filter.hides_table(table.table->name))
      record.tables.push_back({std::string(table.table->name), table_title(table.table->name), static_cast<std::int64_t>(table.rows())});
  for (const auto& [feed, latest] : reader.latest_by_feed) {
    const auto* summary = find_feed(feed);
    // Who sent something about a person with a protected location would tell where they are.
    const std::string partner = record.banner.restricted ? "Withheld" : summary == nullptr ? "" : summary->partner_name;
    record.freshness.push_back({feed, partner, summary == nullptr ? feed : summary->dataset, summary == nullptr ? "fresh" : summary->status, latest});
  }
  if (!filter.terms().hidden_codes.empty() || !filter.terms().hidden_tables.empty())
    record.withheld = "Some kinds of entries are withheld from your role, on every record and whether or not this resident has any.";
  return record;
}

std::shared_ptr<const cql::DataProvider> SnapshotSource::resident_data(PersonId person, const Filter& filter) const {
  const auto block = snapshot_->person_block(person, filter);
  if (!block) return nullptr;
  struct Held {
    Held(std::shared_ptr<const records::Snapshot> of, const records::PersonBlock& rows, bool with_organisations)
        : snapshot(std::move(of)), record(rows, snapshot->dictionaries(), with_organisations) {}
    std::shared_ptr<const records::Snapshot> snapshot;
    measures::BlockRecord record;
  };
  const auto held = std::make_shared<const Held>(snapshot_, *block, filter.sees_restricted_addresses());
  return {held, &held->record.data()};
}

std::optional<RecordTable> SnapshotSource::resident_table(PersonId person, const TableAsk& ask, const Filter& filter) const {
  const auto block = snapshot_->person_block(person, filter);
  if (!block || filter.hides_table(ask.kind)) return std::nullopt;
  RecordReader reader{*block, snapshot_->dictionaries(), filter, today(), block->summary.restricted, [this](SourceId source) { return setting_of(source); },
                      {}};
  return reader.table(ask);
}

}  // namespace catchment::api
