// A person block as a timeline, lists and tables. Internal to api.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "api/model.h"
#include "api/source.h"
#include "records/records.h"

namespace catchment::api {

/// Lanes that have events, in the order they are drawn.
std::vector<Lane> lanes_of(const std::vector<TimelineEvent>& timeline);
std::string table_title(std::string_view table);

struct RecordReader {
  const records::PersonBlock& block;
  const records::Dictionaries& dictionaries;
  const records::RowFilter& filter;
  Date today;
  bool restricted = false;  // organisations, sites, homes and registrations would tell where the person is
  std::function<std::string(SourceId)> setting_of;
  std::map<std::string, Day> latest_by_feed;  // filled by read_timeline

  void read_timeline(ResidentRecord& record);
  void read_lists(ResidentRecord& record) const;
  std::vector<Series> series(std::size_t most, std::size_t longest) const;
  std::vector<Involved> involved() const;
  std::vector<std::string> what_matters(const ResidentRecord& record) const;
  RecordTable table(const TableAsk& ask) const;

 private:
  struct RowView;
  const records::BlockTable* open(std::string_view name) const;
  std::string label(CodeId code) const;
  Text organisation(OrganisationId id) const;
  bool hidden(const records::BlockTable& table, std::size_t row) const;
  void add_events(ResidentRecord& record, std::string_view name, std::string_view start, std::string_view end, std::string_view words, int weight);
  void add_encounters(ResidentRecord& record);
  Text detail_of(const records::BlockTable& table, std::size_t row) const;
  void note_source(SourceId source, Day date);
  RecordItem item(const records::BlockTable& table, std::size_t row, std::string_view date) const;
};

}  // namespace catchment::api
