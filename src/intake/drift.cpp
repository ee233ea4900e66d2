// Each delivery against the one before it of the same feed and partner: volume and completeness.
#include <algorithm>
#include <map>

#include "intake/staged_tally.h"

namespace catchment::intake {

namespace {

/// Half as many rows again, or a third fewer, is worth a look; halved or doubled is a warning.
constexpr double volume_note = 0.33;
constexpr double volume_warning = 0.5;
/// Share of rows with a value, in points.
constexpr double completeness_note = 0.05;
constexpr double completeness_warning = 0.2;

}  // namespace

void StagedStore::write_drift() {
  db::Appender& drift = appender("drift");
  struct Sum {
    std::uint64_t rows = 0;
    std::map<std::string, std::uint64_t> present;
    std::vector<Tally*> files;
  };
  std::map<std::pair<std::string, std::string>, std::map<std::string, Sum>> series;  // feed, partner -> period
  for (auto& held : tallies_) {
    if (!held || held->receipt.feed.empty() || (held->receipt.status != "complete" && held->receipt.status != "incomplete")) continue;
    Sum& sum = series[{held->receipt.feed, held->receipt.partner}][held->receipt.period];
    sum.rows += held->receipt.rows_read;
    for (const auto& f : held->receipt.fields) sum.present[f.column] += f.present;
    sum.files.push_back(held.get());
  }
  for (auto& [key, periods] : series) {
    const Sum* before = nullptr;
    for (auto& [period, now] : periods) {
      if (before != nullptr && before->rows > 0) {
        Tally& t = *now.files.front();
        const auto report = [&](Rule rule, const std::string& measure, const std::string& column, double was, double is, double change, double note,
                                double warning) {
          if (change < note) return;
          const bool grave = change >= warning;
          drift.integer(t.receipt.source).integer(before->files.front()->receipt.source).text(measure);
          if (column.empty()) drift.null();
          else drift.text(column);
          drift.number(was).number(is).text(grave ? "warning" : "note").end_row();
          if (grave) t.receipt.findings.push_back({column, std::string(to_string(rule)), "warning", 1});
        };
        const auto was = static_cast<double>(before->rows);
        const auto is = static_cast<double>(now.rows);
        report(Rule::drift_volume, "rows", "", was, is, std::abs(is - was) / std::max(was, is), volume_note, volume_warning);
        for (const auto& [column, present] : now.present) {
          const auto then = before->present.find(column);
          if (then == before->present.end() || now.rows == 0) continue;
          const double share_before = static_cast<double>(then->second) / was;
          const double share_now = static_cast<double>(present) / is;
          report(Rule::drift_completeness, "present", column, share_before, share_now, std::abs(share_now - share_before), completeness_note,
                 completeness_warning);
        }
      }
      before = &now;
    }
  }
}

}  // namespace catchment::intake
