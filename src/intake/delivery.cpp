#include "intake/delivery.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "intake/byte_source.h"

namespace catchment::intake {

namespace {

Format format_of(const Feed& feed, const std::string& file) {
  const auto ends = [&](std::string_view end) { return file.ends_with(end); };
  if (feed.is_fhir()) return ends(".json") || ends(".json.gz") ? Format::fhir_bundle : feed.format;
  if (ends(".parquet")) return Format::parquet;
  if (ends(".csv") || ends(".csv.gz") || ends(".txt") || ends(".tsv")) return Format::csv;
  if (feed.format != Format::by_name) return feed.format;
  return ends(".ndjson") || ends(".ndjson.gz") ? Format::fhir_ndjson : Format::csv;
}

void take(Delivery& d, const FeedDefinitions& definitions, bool directory) {
  for (const auto& feed : definitions.feeds) {
    for (const auto& pattern : feed.patterns) {
      const auto match = match_path(pattern, d.file);
      if (!match) continue;
      if (d.feed != nullptr)
        throw Error(ErrorKind::user, fmt::format("{} fits the patterns of two feeds: {} and {}", d.file, d.feed->name, feed.name),
                    "make the `files` patterns of one of them narrower");
      d.feed = &feed;
      d.partner = match->partner.empty() ? feed.partner : match->partner;
      d.period = match->period;
      d.delivery = match->delivery;
      break;
    }
  }
  if (d.feed == nullptr) {
    if (directory) return;
    d.status = "unclaimed";
    d.finding = Rule::no_feed;
    return;
  }
  d.format = format_of(*d.feed, d.file);
  if (directory) {
    d.status = "unreadable";
    d.finding = Rule::not_a_file;
  } else if (d.bytes == 0) {
    d.status = "empty";
    d.finding = Rule::empty_file;
  }
}

void set_aside_superseded(std::vector<Delivery>& all) {
  std::map<std::tuple<std::string, std::string, std::string>, std::string> newest;
  for (const auto& d : all) {
    if (d.feed == nullptr || !d.status.empty()) continue;
    auto& best = newest[{d.feed->name, d.partner, d.period}];
    best = std::max(best, d.delivery);
  }
  for (auto& d : all) {
    if (d.feed == nullptr || !d.status.empty() || newest[{d.feed->name, d.partner, d.period}] == d.delivery) continue;
    d.status = "superseded";
    d.finding = Rule::superseded;
  }
}

void set_aside_duplicates(std::vector<Delivery>& all) {
  std::map<std::pair<const Feed*, std::uint64_t>, std::vector<Delivery*>> same_size;
  for (auto& d : all)
    if (d.status.empty()) same_size[{d.feed, d.bytes}].push_back(&d);
  for (auto& [key, files] : same_size) {
    if (files.size() < 2) continue;
    for (Delivery* d : files) d->sha256 = hash_of_file(d->path);
    for (std::size_t i = 1; i < files.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (files[j]->status.empty() && !files[i]->sha256.empty() && files[i]->sha256 == files[j]->sha256 && files[i]->partner == files[j]->partner) {
          files[i]->status = "duplicate";
          files[i]->finding = Rule::duplicate_file;
          break;
        }
  }
}

}  // namespace

std::vector<Delivery> find_deliveries(const std::filesystem::path& extracts, const FeedDefinitions& definitions) {
  std::vector<Delivery> all;
  std::error_code error;
  std::filesystem::recursive_directory_iterator at(extracts, error);
  if (error)
    throw Error(ErrorKind::user, fmt::format("the folder of extracts {} cannot be read", extracts.string()),
                "create extracts/ in the workspace and put the partners' files in it");
  for (const auto end = std::filesystem::recursive_directory_iterator(); at != end; at.increment(error)) {
    if (error) throw Error(ErrorKind::environment, fmt::format("a folder under {} cannot be read", extracts.string()), "check its permissions");
    std::error_code ignored;
    const bool directory = at->is_directory(ignored);
    Delivery d;
    d.path = at->path();
    d.file = d.path.lexically_relative(extracts).generic_string();
    if (d.path.filename().string().starts_with('.')) continue;
    if (d.file == "SYNTHETIC.txt" || d.file == "manifest.json") continue;  // how synthetic extracts are marked
    if (!directory) d.bytes = at->is_regular_file(ignored) ? at->file_size(ignored) : 0;
    take(d, definitions, directory);
    if (directory && d.feed == nullptr) continue;
    all.push_back(std::move(d));
  }
  std::sort(all.begin(), all.end(), [](const Delivery& a, const Delivery& b) { return a.file < b.file; });
  for (std::size_t i = 0; i < all.size(); ++i) all[i].source = static_cast<std::int32_t>(i + 1);
  set_aside_superseded(all);
  set_aside_duplicates(all);
  return all;
}

}  // namespace catchment::intake
