#include "api/snapshot_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include "base/error.h"

namespace catchment::api {

namespace {

constexpr std::string_view notice = "Synthetic data: not real people or performance";

std::shared_ptr<const DefinitionSet> load_definitions(const std::filesystem::path& folder) {
  auto set = std::make_shared<DefinitionSet>();
  set->folder = folder;
  auto loaded = system::load_system(folder);
  auto codelists = terminology::load_codelists(folder);
  Diagnostics all = std::move(loaded.diagnostics);
  all.insert(all.end(), codelists.diagnostics.begin(), codelists.diagnostics.end());
  // Feeds are only described here: the build that made the snapshot has checked them.
  Diagnostics of_feeds;
  if (std::filesystem::is_directory(folder / "feeds")) set->feeds = intake::load_feeds(folder, of_feeds);
  if (has_errors(all)) {
    const auto first = std::find_if(all.begin(), all.end(), [](const Diagnostic& each) { return each.severity == Severity::error; });
    throw Error(ErrorKind::user, "the definition folder has faults; the first is " + to_string(*first), "run catchment check system");
  }
  set->system = std::move(loaded.system);
  set->codelists = std::move(codelists.codelists);
  return set;
}

class SnapshotSources final : public Sources {
 public:
  SnapshotSources(const records::Workspace& workspace, std::filesystem::path system_folder, std::string version, const catchment::Clock& clock,
                  bool demonstration_clock)
      : workspace_(workspace),
        follower_(workspace),
        system_folder_(std::move(system_folder)),
        version_(std::move(version)),
        clock_(clock),
        demonstration_clock_(demonstration_clock),
        definitions_(load_definitions(system_folder_)) {}

  std::shared_ptr<const Source> current() override {
    auto snapshot = follower_.current();
    const std::lock_guard lock(mutex_);
    if (!snapshot->manifest().synthetic)
      throw Error(ErrorKind::environment, "the snapshot is not marked synthetic or test, and this version serves no other",
                  "real data wait until the full access model has passed its tests");
    // Figures of the measure library come after the snapshot, and again when it was run again.
    const auto file = indicators::figures_file(workspace_.root, snapshot->manifest().content_hash);
    std::error_code absent;
    const auto made = std::filesystem::last_write_time(file, absent);
    const auto when = absent ? std::filesystem::file_time_type::min() : made;
    if (snapshot != snapshot_ || when != figures_made_) {
      if (snapshot_ && snapshot != snapshot_) definitions_ = load_definitions(system_folder_);  // a new snapshot may come with new definitions
      source_ = std::make_shared<SnapshotSource>(snapshot, definitions_, std::make_shared<const MeasureShelf>(file), version_, clock_, demonstration_clock_);
      snapshot_ = std::move(snapshot);
      figures_made_ = when;
      begin_readying();
    }
    return source_;
  }

  void keep_ready(const records::RowFilter& counts) override {
    current();
    const std::lock_guard lock(mutex_);
    ready_for_ = counts;
    begin_readying();
  }

  SystemInfo system() override {
    try {
      return current()->system();
    } catch (const Error&) {  // nothing published yet: the definitions alone
      const std::lock_guard lock(mutex_);
      SystemInfo info;
      const auto& system = definitions_->system;
      info.version = version_;
      info.id = system.id;
      info.name = system.name;
      info.short_name = system.short_name;
      info.title = system.title;
      info.synthetic = system.synthetic;
      if (system.synthetic) info.synthetic_notice = std::string(notice);
      info.represented_population = system.represented_population;
      info.clock = {system.as_of, demonstration_clock_};
      return info;
    }
  }

 private:
  /// Under the lock. What was being made ready for an earlier snapshot is given up.
  void begin_readying() {
    if (!ready_for_ || !source_) return;
    for (std::jthread& earlier : readying_) earlier.request_stop();
    readying_.emplace_back([source = source_, counts = *ready_for_](const std::stop_token& stop) {
      try {
        source->make_ready(counts, stop);
      } catch (const std::exception&) { return; }  // the page that needs it says what is wrong
    });
  }

  records::Workspace workspace_;
  records::SnapshotFollower follower_;
  std::filesystem::path system_folder_;
  std::string version_;
  const catchment::Clock& clock_;
  bool demonstration_clock_;
  std::mutex mutex_;
  std::shared_ptr<const DefinitionSet> definitions_;
  std::shared_ptr<const records::Snapshot> snapshot_;
  std::filesystem::file_time_type figures_made_ = std::filesystem::file_time_type::min();
  std::shared_ptr<const SnapshotSource> source_;
  std::optional<records::RowFilter> ready_for_;
  std::vector<std::jthread> readying_;
};

}  // namespace

std::unique_ptr<Sources> snapshot_sources(const records::Workspace& workspace, const std::filesystem::path& system_folder, std::string version,
                                          const catchment::Clock& clock, bool demonstration_clock) {
  return std::make_unique<SnapshotSources>(workspace, system_folder, std::move(version), clock, demonstration_clock);
}

SnapshotSource::SnapshotSource(std::shared_ptr<const records::Snapshot> snapshot, std::shared_ptr<const DefinitionSet> definitions,
                               std::shared_ptr<const MeasureShelf> shelf, std::string version, const catchment::Clock& clock, bool demonstration_clock)
    : snapshot_(std::move(snapshot)),
      definitions_(std::move(definitions)),
      shelf_(std::move(shelf)),
      version_(std::move(version)),
      clock_(clock),
      demonstration_clock_(demonstration_clock),
      receipts_(snapshot_->receipts()) {
  for (const auto& receipt : receipts_) {
    settings_[receipt.source.value] = receipt.setting;
    feed_settings_.emplace(receipt.feed, receipt.setting);
  }
  rules_ = definitions_->policy(snapshot_->manifest().as_of).rules;
  summarise_feeds();
}

void SnapshotSource::make_ready(const Filter& counts, const std::stop_token& stop) const {
  const std::vector<std::function<void()>> steps = {
      [&] { start(counts); },
      [&] { unseen(std::nullopt, true, counts); },
      [&] {
        if (shelf_->measures().empty()) return;
        const std::string& first = shelf_->measures().front().id;
        measure(first, {}, counts);
        areas(first, std::nullopt, false, counts);
      },
      [&] { definitions_->program(); },
      [&] { measures(counts); },
      [&] {
        for (const auto& place : definitions_->system.places)
          if (!stop.stop_requested()) unseen(place.id, true, counts);
      },
      [&] {
        if (!shelf_->measures().empty()) own_side();
      },
  };
  for (const auto& step : steps) {
    if (stop.stop_requested()) return;
    step();
  }
}

Date SnapshotSource::today() const {
  if (demonstration_clock_) return snapshot_->manifest().as_of;
  return Date{static_cast<std::int32_t>(clock_.now().utc_ms / 86'400'000)};
}

SystemInfo SnapshotSource::system() const {
  const auto& manifest = snapshot_->manifest();
  const auto& system = definitions_->system;
  SystemInfo info;
  info.version = version_;
  info.id = system.id;
  info.name = system.name;
  info.short_name = system.short_name;
  info.title = system.title;
  info.synthetic = manifest.synthetic;
  if (manifest.synthetic) info.synthetic_notice = std::string(notice);
  if (manifest.synthetic && manifest.represented_population > 0) info.represented_population = manifest.represented_population;
  info.clock = {today(), demonstration_clock_};
  info.snapshot = SnapshotInfo{manifest.id, manifest.as_of, manifest.built_at, manifest.persons, manifest.format, manifest.product_version};
  return info;
}

bool SnapshotSource::known_place(const Text& place) const { return !place || system::find_place(definitions_->system, *place) != nullptr; }

std::string SnapshotSource::place_name(const Text& place) const {
  if (!place) return "The whole area";
  const auto* found = system::find_place(definitions_->system, *place);
  return found == nullptr ? *place : found->name;
}

/// "50,000 synthetic residents standing for 991,796; four places, twelve core partners; one practice missing, one quarter late."
std::string SnapshotSource::start_sentence(const Start& start, bool synthetic) const {
  std::string text = with_commas(start.counts.people) + (synthetic ? " synthetic residents" : " residents");
  if (synthetic && start.counts.represented_population) text += " standing for " + with_commas(*start.counts.represented_population);
  text += "; " + number_of(start.counts.places, "place", "places") + ", " + number_of(start.counts.partners, "core partner", "core partners");
  std::vector<std::string> faults;
  if (const auto missing = start.freshness.missing_practices.size(); missing > 0)
    faults.push_back(number_of(static_cast<std::int64_t>(missing), "practice", "practices") + " missing");
  std::map<std::string, std::int64_t> late;  // by what is late
  for (const auto& feed : feeds_)
    if (const auto found = late_senders_.find(feed.id); found != late_senders_.end())
      late[feed.every_days == 92 ? "quarter" : feed.every_days == 31 ? "month" : "delivery"] += static_cast<std::int64_t>(found->second.size());
  for (const auto& [what, count] : late) faults.push_back(number_of(count, what, what == "delivery" ? "deliveries" : what + "s") + " late");
  for (std::size_t i = 0; i < faults.size(); ++i) text += (i == 0 ? "; " : ", ") + faults[i];
  return text + ".";
}

Start SnapshotSource::start(const Filter& filter) const {
  const auto& manifest = snapshot_->manifest();
  const auto& system = definitions_->system;
  Start start;
  start.tiles = population_tiles(false, std::nullopt, filter);
  start.counts.people = !start.tiles.empty() && start.tiles.front().value ? static_cast<std::int64_t>(*start.tiles.front().value) : 0;
  if (manifest.represented_population > 0) start.counts.represented_population = manifest.represented_population;
  start.counts.places = static_cast<std::int64_t>(system.places.size());
  start.counts.partners =
      std::count_if(system.organisations.begin(), system.organisations.end(), [&](const auto& each) { return each.core_partner && !each.expected; });
  start.counts.practices = static_cast<std::int64_t>(system.practices.size());
  start.counts.feeds = static_cast<std::int64_t>(feeds_.size());
  for (const auto& feed : feeds_) {
    if (feed.deliveries == 0) continue;  // declared, and not in use in this workspace
    if (feed.status == "fresh") ++start.freshness.fresh;
    else if (feed.status == "late") ++start.freshness.late;
    else ++start.freshness.missing;
    if (feed.latest_event && (!start.freshness.latest_event || *feed.latest_event > *start.freshness.latest_event))
      start.freshness.latest_event = feed.latest_event;
    if (feed.status != "fresh")
      start.attention.push_back({feed.status == "late" ? "late_feed" : "missing_feed", feed.status == "late" ? "warning" : "urgent",
                                 feed.dataset + " is " + feed.status, feed.status_detail, Link{"feed", feed.id}});
    if (feed.drift.kind != "none")
      start.attention.push_back(
          {"drift", "warning", feed.dataset + " differs from the delivery before", feed.drift.detail.value_or(""), Link{"feed", feed.id}});
    if (const auto over = over_tolerance_.find(feed.id); over != over_tolerance_.end())
      start.attention.push_back({"quarantine", "warning", feed.dataset + " has more rows in quarantine than it allows",
                                 fmt::format("{} of its {} files: above {}% of {}", over->second.size(), feed.deliveries,
                                             one_decimal(feed.tolerance.value_or(0)), over->second.front()),
                                 Link{"feed", feed.id}});
  }
  start.freshness.missing_practices = missing_practices(filter);
  for (const auto& practice : start.freshness.missing_practices)
    start.attention.push_back({"missing_practice", "warning", practice.name + " has sent nothing", practice.note, Link{"feed", practice.feed}});
  if (auto registered = population_figure({"registered", std::nullopt, "", ""}, filter)) start.tiles.insert(start.tiles.begin() + 1, std::move(*registered));
  start.sentence = start_sentence(start, manifest.synthetic);
  start.about = system.title + " joins what its partners hold into one record for each resident, so that need, care and money can be seen together.";
  if (system.strategy.first_thread) start.follow = follow(system.strategy.first_thread->priority, filter);
  return start;
}

SearchHits SnapshotSource::search(const std::string& text, const Filter& filter) const {
  SearchHits hits;
  const auto lower = [](std::string_view all) {
    std::string out(all);
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
  };
  const std::string wanted = lower(text);
  const auto offer = [&](std::string_view kind, const std::string& id, const std::string& title, const std::string& detail) {
    if (hits.hits.size() < 20 && (lower(title).find(wanted) != std::string::npos || lower(id) == wanted))
      hits.hits.push_back({std::string(kind), id, title, detail});
  };
  const auto& system = definitions_->system;
  for (const auto& place : system.places) offer("place", place.id, place.name, place.description);
  if (filter.sees_counts()) {
    for (const auto& measure : shelf_->measures()) offer("measure", measure.id, measure.title, measure.purpose);
  }
  for (const auto& body : system.bodies) offer("body", body.id, body.name, body.purpose);
  for (const auto& organisation : system.organisations)
    if (standing_for(organisation.id) == organisation.id) offer("body", organisation.id, organisation.name, organisation.description);
  for (const auto& item : system.strategy.priorities) offer("priority", item.id, item.title, item.aim);
  for (const auto& item : system.strategy.enablers) offer("priority", item.id, item.title, item.aim);
  for (const auto& service : system.services) offer("service", service.id, service.name, service.description);
  for (const auto& feed : feeds_) offer("feed", feed.id, feed.dataset, feed.partner_name);
  return hits;
}

}  // namespace catchment::api
