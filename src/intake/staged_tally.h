// What the store counts of one file. Internal to the store.
#pragma once

#include "intake/staged_store.h"
#include "records/schema.h"

namespace catchment::intake {

struct StagedStore::Tally {
  const Delivery* delivery = nullptr;
  Receipt receipt;
  std::vector<Batch::Count> columns;
  std::map<std::pair<std::string, Rule>, std::pair<Level, std::uint64_t>> findings;  // by column
  std::vector<std::uint64_t> finding_rows;  // per (column + 1) * rules + rule: warnings written one by one
  std::uint64_t tables[records::table_total] = {};
  std::uint64_t identities = 0, resources = 0;
  std::int32_t first = INT32_MAX, latest = INT32_MIN;
};

}  // namespace catchment::intake
