#include "indicators/inequalities_pack.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "base/csv.h"

namespace catchment::indicators {

namespace {

constexpr const char* pack_file = "inequalities_pack.csv";

std::string words(const std::optional<double>& value) { return value ? fmt::format("{:.2f}", *value) : ""; }
std::string words(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : ""; }

void add_figures(std::string& text, const PackIndicator& indicator, const PublishedMeasure& measure, const std::vector<MeasureFigure>& figures) {
  for (const MeasureFigure& f : figures) {
    const bool wanted =
        f.split == Split::none || f.split == Split::deprivation || f.split == Split::ethnicity || f.split == Split::age || f.split == Split::sex;
    if (!wanted || f.basis != Basis::registered || !f.place.empty() || f.month != measure.last_month) continue;
    text += csv_line({std::to_string(indicator.number), indicator.domain, indicator.title, measure.id, measure.title, to_string(f.month).substr(0, 7),
                      f.split == Split::none ? "everyone" : std::string(to_string(f.split)), f.variant, f.group, f.hidden ? "*" : words(f.numerator),
                      words(f.denominator), f.hidden ? "*" : words(f.value), words(f.low), words(f.high), fmt::format("{:g}", measure.per),
                      words(f.standardised), words(f.standardised_low), words(f.standardised_high), indicator.note});
  }
}

}  // namespace

std::vector<PackIndicator> load_inequalities_pack(system::Definitions& definitions) {
  std::vector<PackIndicator> pack;
  if (!definitions.has(pack_file)) return pack;
  system::Table table(definitions, pack_file, {{"number", "domain", "indicator"}, {"measures", "note", "not_held_because"}});
  for (system::Row row : table) {
    PackIndicator& indicator = pack.emplace_back();
    indicator.number = static_cast<int>(row.integer("number", 1, 999));
    indicator.domain = row.text("domain");
    indicator.title = row.text("indicator");
    std::istringstream ids(row.optional_text("measures"));
    for (std::string id; ids >> id;) indicator.measures.push_back(id);
    indicator.note = row.optional_text("note");
    indicator.not_held_because = row.optional_text("not_held_because");
    if (indicator.measures.empty() == indicator.not_held_because.empty())
      row.error("measures", "an indicator has measures, or says why it is not held", "fill one of the columns 'measures' and 'not_held_because'");
  }
  return pack;
}

std::string pack_csv(const std::vector<PackIndicator>& pack, FigureStore& figures, bool synthetic) {
  std::string text = synthetic ? "# Synthetic data: not real people or performance\n" : "";
  text +=
      "number,domain,indicator,measure,title,month,split,index,group,numerator,denominator,value,low,high,per,standardised,standardised_low,standardised_high,"
      "note\n";
  const std::vector<PublishedMeasure> published = figures.measures();
  for (const PackIndicator& indicator : pack) {
    const auto without = [&](const std::string& measure, const std::string& why) {
      text +=
          csv_line({std::to_string(indicator.number), indicator.domain, indicator.title, measure, "", "", "", "", "", "", "", "", "", "", "", "", "", "", why});
    };
    if (indicator.measures.empty()) without("", "Not held: " + indicator.not_held_because);
    for (const std::string& id : indicator.measures) {
      const auto measure = std::find_if(published.begin(), published.end(), [&](const auto& each) { return each.id == id; });
      if (measure == published.end()) without(id, "Not worked out for this snapshot: run catchment measure run");
      else add_figures(text, indicator, *measure, figures.figures(id));
    }
  }
  return text;
}

}  // namespace catchment::indicators
