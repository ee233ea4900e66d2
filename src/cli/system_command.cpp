// catchment system as-at | import-geography | import-postcodes
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.h"
#include "cli/run.h"
#include "json/json.h"
#include "system/system.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string folder = "system/blmk";
  std::string date;
  std::string organisation;
  std::string what = "legal";
  system::GeographyFiles files;
  std::string directory;
  std::string out;
  bool replace = false;
  bool as_json = false;
};

// The definition folder, which must be sound: a command that writes or restates cannot work on a broken one.
system::System sound_system(const std::string& folder) {
  system::LoadedSystem loaded = system::load_system(folder);
  if (has_errors(loaded.diagnostics)) {
    for (const Diagnostic& each : loaded.diagnostics) fmt::print(stderr, "{}\n", to_string(each));
    throw Error(ErrorKind::user, "the definitions have errors", "correct them; catchment check system lists them");
  }
  return std::move(loaded.system);
}

std::string span(const std::optional<Date>& from, const std::optional<Date>& to) {
  return fmt::format("{} to {}", from ? to_string(*from) : "..........", to ? to_string(*to) : "now");
}

void write_organisation(json::Writer& out, const system::Organisation& one) {
  out.begin_object().key("id").string(one.id).key("code").string(one.code).key("name").string(one.name).key("kind").string(to_string(one.kind));
  out.key("expected").boolean(one.expected).end_object();
}

int show_one(const system::System& system, const Options& options, Date day) {
  const system::Organisation* start = system::find_organisation(system, options.organisation);
  if (start == nullptr) start = system::find_organisation_by_code(system, options.organisation, day);
  if (start == nullptr) {
    throw Error(ErrorKind::user, fmt::format("no organisation has the id or code '{}' by {}", options.organisation, to_string(day)),
                "use an id or code of organisations.csv");
  }
  const system::Successors next = system::successors(system, start->id, options.what, day);
  if (options.as_json) {
    json::Writer out;
    out.begin_object().key("organisation");
    write_organisation(out, *start);
    out.key("on").string(to_string(day)).key("what").string(options.what).key("hops").begin_array();
    for (const system::Succession* hop : next.hops)
      out.begin_object()
          .key("on")
          .string(to_string(hop->on))
          .key("from")
          .string(hop->from)
          .key("to")
          .string(hop->to)
          .key("expected")
          .boolean(hop->expected)
          .end_object();
    out.end_array().key("ends").begin_array();
    for (const system::Organisation* end : next.ends) write_organisation(out, *end);
    fmt::print("{}\n", out.end_array().end_object().text());
    return exit_done;
  }
  fmt::print("{} ({}), {}\n", start->name, start->code, span(start->opened, start->closed));
  for (const system::Succession* hop : next.hops) {
    fmt::print("  {} {} -> {}{}\n", to_string(hop->on), hop->from, hop->to, hop->expected ? " (expected)" : "");
  }
  fmt::print("On {} ({} succession):\n", to_string(day), options.what);
  for (const system::Organisation* end : next.ends) fmt::print("  {} ({})\n", end->name, end->code);
  return exit_done;
}

int as_at(const Options& options) {
  const std::optional<Date> day = Date::parse(options.date);
  if (!day) throw Error(ErrorKind::user, fmt::format("'{}' is not a date", options.date), "write it as 2021-03-31");
  const system::System system = sound_system(options.folder);
  if (!options.organisation.empty()) return show_one(system, options, *day);
  if (options.as_json) {
    json::Writer out;
    out.begin_object().key("system").string(system.id).key("on").string(to_string(*day)).key("organisations").begin_array();
    for (const system::Organisation* one : system::organisations_on(system, *day)) write_organisation(out, *one);
    out.end_array().key("bodies").begin_array();
    for (const system::Body* one : system::bodies_on(system, *day))
      out.begin_object()
          .key("id")
          .string(one->id)
          .key("name")
          .string(one->name)
          .key("level")
          .string(one->level)
          .key("expected")
          .boolean(one->expected)
          .end_object();
    fmt::print("{}\n", out.end_array().end_object().text());
    return exit_done;
  }
  fmt::print("{} on {}\n\nOrganisations\n", system.name, to_long_string(*day));
  for (const system::Organisation* one : system::organisations_on(system, *day)) {
    fmt::print("  {:<12} {:<28} {}{}\n", one->code, to_string(one->kind), one->name, one->expected ? " (expected)" : "");
  }
  fmt::print("\nBodies\n");
  for (const system::Body* one : system::bodies_on(system, *day)) { fmt::print("  {:<14} {}{}\n", one->level, one->name, one->expected ? " (expected)" : ""); }
  return exit_done;
}

void refuse_to_overwrite(const Options& options, std::initializer_list<const char*> names) {
  if (options.replace) return;
  for (const char* name : names) {
    std::error_code failed;
    if (std::filesystem::exists(std::filesystem::path(options.out) / name, failed)) {
      throw Error(ErrorKind::user, fmt::format("{}/{} is already there", options.out, name), "write to another --out, or add --replace");
    }
  }
}

int import_geography(const Options& options) {
  if (!options.files.older.empty() && options.files.changes.empty()) {
    throw Error(ErrorKind::user, "an older index needs the changes between the two geographies", "name the file with --changes");
  }
  refuse_to_overwrite(options, {"small_areas.csv", "deprivation.csv"});
  const system::System system = sound_system(options.folder);
  const system::ImportedGeography done = system::import_geography(system, options.files, options.out);
  fmt::print("{} small areas written to {} ({} rows of other councils left out)\n", done.small_areas, options.out, done.outside);
  if (!options.files.older.empty()) {
    fmt::print("Index {} on today's areas: {} exact, {} inherited from a split area, {} averaged, {} unknown\n", options.files.older_version, done.exact,
               done.inherited, done.averaged, done.unknown);
  }
  for (const auto& [version, places] : done.fifths) {
    fmt::print("Residents by deprivation fifth, index {} (1 = most deprived), %\n", version);
    for (const auto& [place, fifths] : places) {
      std::int64_t all = 0;
      for (const std::int64_t n : fifths) all += n;
      fmt::print("  {:<24} {:>9}", place, all);
      for (const std::int64_t n : fifths) fmt::print(" {:>5.1f}", all == 0 ? 0.0 : 100.0 * static_cast<double>(n) / static_cast<double>(all));
      fmt::print("\n");
    }
  }
  for (const std::string& note : done.notes) fmt::print("Next: {}\n", note);
  return exit_done;
}

int import_postcodes(const Options& options) {
  refuse_to_overwrite(options, {"postcodes.csv"});
  const system::System system = sound_system(options.folder);
  SilentProgress progress;
  const system::ImportedPostcodes done = system::import_postcodes(system, options.directory, options.out, progress);
  fmt::print(
      "{} rows read: {} kept ({} of them ended), {} outside the system, {} faulty; written to "
      "{}/postcodes.csv\n",
      done.read, done.kept, done.ended, done.outside, done.faulty, options.out);
  return done.kept > 0 ? exit_done : exit_check_failed;
}

}  // namespace

void add_system_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("system", "Look at and change a system's definitions");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto common = [&](CLI::App* sub) { sub->add_option("--system", options->folder, "The definition folder")->capture_default_str(); };

  auto* at = command->add_subcommand("as-at", "Which organisations and bodies there were on a day, and what became of one");
  at->add_option("date", options->date, "The day, such as 2021-03-31")->required();
  at->add_option("--organisation", options->organisation, "Follow one organisation, by id or code");
  at->add_option("--what", options->what, "Which succession to follow")->check(CLI::IsMember({"legal", "code", "functions"}))->capture_default_str();
  at->add_flag("--json", options->as_json, "Answer as JSON");
  at->footer("Example: catchment system as-at 2026-03-31 --organisation 06F");
  at->callback([&run, options] { run = [options] { return as_at(*options); }; });
  common(at);

  auto* geography = command->add_subcommand("import-geography", "Real small areas and deprivation in place of the example's");
  geography->add_option("--areas", options->files.areas, "Today's small areas with council, residents and decile (CSV)")->required();
  geography->add_option("--areas-version", options->files.areas_version, "The index version of that file")->default_val("2025");
  geography->add_option("--older", options->files.older, "Deciles on the older small areas (CSV)");
  geography->add_option("--older-version", options->files.older_version, "The index version of that file")->default_val("2019");
  geography->add_option("--changes", options->files.changes, "Older areas to today's (CSV)");
  geography->add_option("--out", options->out, "The folder to write into")->required();
  geography->add_flag("--replace", options->replace, "Overwrite files that are there");
  geography->footer(
      "Example: catchment system import-geography --areas lsoa21-imd2025-census2021.csv \\\n"
      "    --older lsoa11-imd2019.csv --changes lsoa11-to-lsoa21.csv --out my-system");
  geography->callback([&run, options] { run = [options] { return import_geography(*options); }; });
  common(geography);

  auto* postcodes = command->add_subcommand("import-postcodes", "Postcodes of the system's small areas from the ONS directory");
  postcodes->add_option("directory", options->directory, "The directory's CSV file")->required();
  postcodes->add_option("--out", options->out, "The folder to write into")->required();
  postcodes->add_flag("--replace", options->replace, "Overwrite files that are there");
  postcodes->footer("Example: catchment system import-postcodes ONSPD_FEB_2026_UK.csv --system my-system --out my-system");
  postcodes->callback([&run, options] { run = [options] { return import_postcodes(*options); }; });
  common(postcodes);
}

}  // namespace catchment::cli
