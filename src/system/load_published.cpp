#include <algorithm>
#include <array>
#include <tuple>

#include "system/loading.h"

namespace catchment::system {

namespace {

void load_sources(Loading& loading) {
  Table table(loading.definitions, "published/sources.csv", {{"id", "title", "where", "standing"}});
  constexpr std::array<std::string_view, 4> words = {"published", "transcribed", "calculated", "undated"};
  for (Row row : table) {
    Source one;
    one.id = row.id("id", loading.sources);
    one.title = row.text("title");
    one.where = row.text("where");
    one.standing = words[row.one_of("standing", {"published", "transcribed", "calculated", "undated"})];
    loading.system.sources.push_back(std::move(one));
  }
  loading.sources.complete = loading.sources.complete && table.whole();
}

}  // namespace

void load_published(Loading& loading) {
  const std::string sources = "published/sources.csv";
  const std::vector<std::string> files = loading.definitions.files("published", ".csv");
  if (files.empty()) return;
  load_sources(loading);
  KnownIds places = loading.places;
  places.emplace("all", 0);
  places.emplace("england", 0);
  for (const std::string& file : files) {
    if (file == sources) continue;
    Table table(loading.definitions, file, {{"place", "group", "value", "unit", "period", "source"}, {"note"}});
    KnownIds seen;
    for (Row row : table) {
      PublishedFigure figure;
      figure.table = std::filesystem::path(file).stem().string();
      figure.place = row.reference("place", places, "places.csv");
      figure.group = row.text("group");
      if (const auto value = row.number("value", -1e15, 1e15)) figure.value = *value;
      else if (!row.has("value")) row.error("value", "'value' is empty", "write the figure, or remove the row");
      figure.unit = row.text("unit");
      figure.period = row.text("period");
      figure.source = row.reference("source", loading.sources, sources);
      if (!figure.place.empty() && !seen.emplace(figure.place + '\n' + figure.group, 0).second) {
        row.error("group", "this place and group already have a figure in this table", "keep one of the rows");
      }
      loading.system.published.push_back(std::move(figure));
    }
  }
  const auto key = [](const PublishedFigure& f) { return std::tie(f.table, f.place, f.group); };
  std::sort(loading.system.published.begin(), loading.system.published.end(),
            [&](const PublishedFigure& a, const PublishedFigure& b) { return key(a) < key(b); });
}

}  // namespace catchment::system
