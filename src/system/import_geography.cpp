#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/csv.h"
#include "base/error.h"
#include "system/system.h"

namespace catchment::system {

namespace {

namespace fs = std::filesystem;

// A published table: cells by column name, every fault an Error that names file and line.
class Source {
 public:
  explicit Source(const fs::path& path) : name_(path.filename().string()) {
    std::ifstream in(path, std::ios::binary);
    std::error_code failed;
    if (!in || !fs::is_regular_file(path, failed)) {
      throw Error(ErrorKind::user, fmt::format("{} cannot be read", path.string()), "check the name of the file");
    }
    const auto size = fs::file_size(path, failed);
    if (failed || size > std::size_t{512} << 20) {
      throw Error(ErrorKind::user, fmt::format("{} is too large for a table of small areas", name_), "check the name of the file");
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    std::vector<CsvFault> faults;
    table_ = read_csv(bytes, faults);
    if (!faults.empty()) {
      throw Error(ErrorKind::user, fmt::format("{}:{}: {}", name_, faults.front().line, faults.front().message), "correct the line, or fetch the file again");
    }
  }

  std::size_t size() const { return table_.rows.size(); }

  int column(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      if (const int at = table_.column(name); at >= 0) return at;
    }
    throw Error(ErrorKind::user, fmt::format("{} has no column '{}'", name_, *names.begin()),
                "this reads the files of the ONS and MHCLG as the reference pages describe them");
  }

  const std::string& cell(std::size_t row, int column) const { return table_.rows[row][static_cast<std::size_t>(column)]; }

  std::int64_t number(std::size_t row, int column, std::int64_t low, std::int64_t high) const {
    const std::string& text = cell(row, column);
    std::int64_t value = 0;
    bool good = !text.empty() && text.size() < 15;
    for (const char c : text) {
      good = good && c >= '0' && c <= '9';
      value = good ? value * 10 + (c - '0') : 0;
    }
    if (!good || value < low || value > high) {
      throw Error(ErrorKind::user, fmt::format("{}:{}: '{}' is not a whole number from {} to {}", name_, table_.lines[row], text.substr(0, 30), low, high),
                  "correct the line, or fetch the file again");
    }
    return value;
  }

 private:
  std::string name_;
  CsvTable table_;
};

struct Area {
  std::string code, name, place;
  std::int64_t residents = 0;
  int decile = 0;
  int older = 0;  // 0: not known
  std::string method;
  int column = 0, row = 0;
};

std::vector<Area> read_areas(const System& system, const fs::path& path, ImportedGeography& result) {
  const Source source(path);
  const int code = source.column({"lsoa21_code", "LSOA21CD"}), name = source.column({"lsoa21_name", "LSOA21NM"});
  const int council = source.column({"ltla24_code", "LAD24CD", "ltla22_code", "LAD22CD"});
  const int decile = source.column({"IMD_decile"}), residents = source.column({"total_residents"});
  std::map<std::string, std::string> place_of;
  for (const Place& place : system.places) place_of[place.code] = place.id;
  std::vector<Area> areas;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto place = place_of.find(source.cell(i, council));
    if (place == place_of.end()) {
      ++result.outside;
      continue;
    }
    Area area{source.cell(i, code), source.cell(i, name), place->second, 0, 0, 0, {}, 0, 0};
    area.residents = source.number(i, residents, 0, 1'000'000);
    area.decile = static_cast<int>(source.number(i, decile, 1, 10));
    if (!seen.insert(area.code).second) {
      throw Error(ErrorKind::user, fmt::format("the small area {} is there twice", area.code.substr(0, 20)), "remove one of its rows");
    }
    areas.push_back(std::move(area));
  }
  std::sort(areas.begin(), areas.end(), [](const Area& a, const Area& b) { return a.code < b.code; });
  return areas;
}

// Older deciles on today's areas: unchanged ones keep theirs; the parts of a split area inherit the whole's
// (an estimate); an area merged from several takes their mean, rounded; irregular changes stay unknown.
void carry_older(std::vector<Area>& areas, const GeographyFiles& files, ImportedGeography& result) {
  if (files.older.empty()) return;
  const Source older(files.older), changes(files.changes);
  const int code = older.column({"lsoa11_code", "LSOA11CD"}), decile = older.column({"IMD_decile"});
  std::map<std::string, int> deciles;
  for (std::size_t i = 0; i < older.size(); ++i) deciles[older.cell(i, code)] = static_cast<int>(older.number(i, decile, 1, 10));
  const int from = changes.column({"lsoa11_code", "LSOA11CD"}), to = changes.column({"lsoa21_code", "LSOA21CD"});
  const int kind = changes.column({"change_code", "CHGIND"});
  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t i = 0; i < changes.size(); ++i) rows_of[changes.cell(i, to)].push_back(i);
  for (Area& area : areas) {
    int sum = 0, parents = 0;
    bool regular = true, unchanged = true;
    for (const std::size_t i : rows_of[area.code]) {
      const auto at = deciles.find(changes.cell(i, from));
      const std::string& word = changes.cell(i, kind);
      regular = regular && word != "X" && at != deciles.end();
      unchanged = unchanged && word == "U";
      if (at != deciles.end()) sum += at->second;
      ++parents;
    }
    if (parents == 0 || !regular) {
      ++result.unknown;
      continue;
    }
    area.older = (2 * sum + parents) / (2 * parents);
    area.method = parents > 1 ? "averaged" : unchanged ? "exact" : "inherited";
    ++(parents > 1 ? result.averaged : unchanged ? result.exact : result.inherited);
  }
}

// One compact block a place, beside the last, rows filled in turn.
void lay_out_block(std::vector<Area*>& areas, int& next_column) {
  int width = 1;
  while (width * width < static_cast<int>(areas.size())) ++width;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    areas[i]->column = next_column + static_cast<int>(i) % width;
    areas[i]->row = static_cast<int>(i) / width;
  }
  next_column += width + 1;
}

void lay_out(const System& system, std::vector<Area>& areas) {
  int next_column = 0;
  for (const SmallArea& area : system.small_areas) next_column = std::max(next_column, area.column + 2);
  for (const Place& place : system.places) {
    std::vector<Area*> mine;
    for (Area& area : areas) {
      if (area.place == place.id) mine.push_back(&area);
    }
    // Names carry the middle-layer area ("Luton 016E"), so neighbours in name are near each other.
    std::sort(mine.begin(), mine.end(), [](const Area* a, const Area* b) { return a->name < b->name; });
    std::vector<std::pair<int, int>> tiles;  // row, column in a snake, so that order keeps neighbours together
    for (const SmallArea& area : system.small_areas) {
      if (area.place == place.id) tiles.emplace_back(area.row, area.row % 2 == 0 ? area.column : -area.column);
    }
    std::sort(tiles.begin(), tiles.end());
    if (tiles.size() < mine.size()) {
      lay_out_block(mine, next_column);
      continue;
    }
    for (std::size_t i = 0; i < mine.size(); ++i) {
      mine[i]->row = tiles[i].first;
      mine[i]->column = std::abs(tiles[i].second);
    }
  }
}

void write_file(const fs::path& path, const std::string& text) {
  const fs::path part = path.string() + ".part";
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  std::error_code failed;
  if (out) fs::rename(part, path, failed);
  if (!out || failed) {
    fs::remove(part, failed);
    throw Error(ErrorKind::environment, fmt::format("{} cannot be written", path.string()), "check the folder and the disk");
  }
}

void note_what_breaks(const System& system, const std::vector<Area>& areas, ImportedGeography& result) {
  std::set<std::string> codes;
  for (const Area& area : areas) codes.insert(area.code);
  const auto practices = std::count_if(system.practices.begin(), system.practices.end(),
                                       [&](const Practice& p) { return !p.small_area.empty() && !codes.contains(p.small_area); });
  if (practices > 0) {
    result.notes.push_back(fmt::format("practices.csv: {} practices stand in small areas that are gone; correct their small_area", practices));
  }
  const auto postcodes = std::count_if(system.postcodes.begin(), system.postcodes.end(), [&](const Postcode& p) { return !codes.contains(p.small_area); });
  if (postcodes > 0) {
    result.notes.push_back(fmt::format("postcodes.csv: {} postcodes lie in small areas that are gone; run catchment system import-postcodes", postcodes));
  }
  if (!system.neighbourhoods.empty()) {
    result.notes.push_back(
        "neighbourhoods.csv: the imported small areas are in no neighbourhood yet; fill the column "
        "'neighbourhood'");
  }
}

}  // namespace

ImportedGeography import_geography(const System& system, const GeographyFiles& files, const fs::path& out) {
  ImportedGeography result;
  std::vector<Area> areas = read_areas(system, files.areas, result);
  if (areas.empty()) { throw Error(ErrorKind::user, "no row belongs to a place of this system", "check the codes in places.csv"); }
  carry_older(areas, files, result);
  lay_out(system, areas);
  std::string small = "code,name,place,neighbourhood,residents,column,row\n", deprivation = "small_area,version,decile,method\n";
  for (const Area& area : areas) {
    small += csv_line({area.code, area.name, area.place, "", std::to_string(area.residents), std::to_string(area.column), std::to_string(area.row)});
    if (area.older > 0) deprivation += csv_line({area.code, files.older_version, std::to_string(area.older), area.method});
    deprivation += csv_line({area.code, files.areas_version, std::to_string(area.decile), "exact"});
    result.residents[area.place] += area.residents;
    for (const auto& [version, decile] : {std::pair{files.areas_version, area.decile}, std::pair{files.older_version, area.older}}) {
      if (decile == 0) continue;
      std::vector<std::int64_t>& fifths = result.fifths[version][area.place];
      fifths.resize(5);
      fifths[static_cast<std::size_t>((decile - 1) / 2)] += area.residents;
    }
  }
  result.small_areas = areas.size();
  note_what_breaks(system, areas, result);
  std::error_code failed;
  fs::create_directories(out, failed);
  write_file(out / "small_areas.csv", small);
  write_file(out / "deprivation.csv", deprivation);
  return result;
}

}  // namespace catchment::system
