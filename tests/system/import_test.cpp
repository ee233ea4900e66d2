#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "system/system.h"
#include "tiny_folder.h"

using namespace catchment;
using namespace catchment::system;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  explicit Folder(const char* name) : path(fs::temp_directory_path() / name) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path write(const char* name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return path / name;
  }
  std::string read(const char* name) const {
    std::ifstream in(path / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

System tiny() { return load_system(CATCHMENT_SOURCE_DIR "/tests/systems/tiny").system; }

const char* const areas =
    "lsoa21_code,lsoa21_name,ltla24_code,IMD_decile,total_residents\n"
    "N1,North 001A,TI-N,2,100\nN2,North 001B,TI-N,3,110\nN3,North 002A,TI-N,9,120\nS1,South "
    "001A,TI-S,5,90\nX1,Else 001A,OTHER,5,90\n";

}  // namespace

TEST_CASE(
    "older deciles are kept by unchanged areas, inherited by parts, averaged over merged ones and unknown "
    "for irregular ones") {
  const Folder folder("catchment-test-geography");
  GeographyFiles files;
  files.areas = folder.write("areas.csv", areas);
  files.areas_version = "2020";
  files.older = folder.write("older.csv", "lsoa11_code,IMD_decile\nA,4\nB,1\nC,4\nD,7\n");
  files.older_version = "2010";
  files.changes = folder.write("changes.csv", "lsoa11_code,lsoa21_code,change_code\nA,N1,U\nB,N2,S\nB,N3,M\nC,N3,M\nD,S1,X\n");
  const ImportedGeography done = import_geography(tiny(), files, folder.path / "out");
  CHECK(done.small_areas == 4);
  CHECK(done.outside == 1);
  CHECK(done.exact == 1);
  CHECK(done.inherited == 1);
  CHECK(done.averaged == 1);
  CHECK(done.unknown == 1);
  CHECK(done.residents.at("north") == 330);
  CHECK(folder.read("out/deprivation.csv") ==
        "small_area,version,decile,method\nN1,2010,4,exact\nN1,2020,2,exact\nN2,2010,1,inherited\nN2,2020,3,"
        "exact\n"
        "N3,2010,3,averaged\nN3,2020,9,exact\nS1,2020,5,exact\n");
  CHECK(done.notes.size() == 3);
}

TEST_CASE("imported files load in place of the invented ones, each area on a tile of its own") {
  const Folder folder("catchment-test-geography-load");
  GeographyFiles files;
  files.areas = folder.write("areas.csv", areas);
  files.areas_version = "2020";
  import_geography(tiny(), files, folder.path);
  auto all = tiny_folder();
  all["small_areas.csv"] = folder.read("small_areas.csv");
  all["deprivation.csv"] = folder.read("deprivation.csv");
  all.erase("postcodes.csv");
  all["practices.csv"] = "code,name,place,list_size\nD1,Quay Doctors,north,10\n";
  const LoadedSystem loaded = load_system(Definitions(all));
  CHECK(loaded.diagnostics.empty());
  CHECK(loaded.system.small_areas.size() == 4);
}

TEST_CASE("a geography file that cannot be understood is an error that names the line, and writes nothing") {
  const Folder folder("catchment-test-geography-bad");
  GeographyFiles files;
  files.areas = folder.write("areas.csv", "lsoa21_code,lsoa21_name,ltla24_code,IMD_decile,total_residents\nN1,N,TI-N,eleven,1\n");
  try {
    import_geography(tiny(), files, folder.path / "out");
    FAIL("it was accepted");
  } catch (const Error& error) { CHECK(std::string(error.what()).find("areas.csv:2") != std::string::npos); }
  CHECK_FALSE(fs::exists(folder.path / "out"));
  files.areas = folder.write("areas.csv", "code\nN1\n");
  CHECK_THROWS_AS(import_geography(tiny(), files, folder.path / "out"), Error);
  files.areas = folder.path;
  CHECK_THROWS_AS(import_geography(tiny(), files, folder.path / "out"), Error);
}

TEST_CASE("the published small areas give the published share of residents in each fifth") {
  const char* named = std::getenv("CATCHMENT_SHARED");
  const fs::path shared = named != nullptr ? fs::path(named) : fs::path(CATCHMENT_SOURCE_DIR) / ".." / "shared";
  const fs::path data = shared / "data" / "geography";
  if (!fs::exists(data)) {
    MESSAGE("skipped: the shared geography files are not here");
    return;
  }
  const Folder folder("catchment-test-geography-shared");
  const System system = load_system(CATCHMENT_SOURCE_DIR "/system/blmk").system;
  const GeographyFiles files{data / "lsoa21-imd2025-census2021.csv", "2025", data / "lsoa11-imd2019.csv", "2019", data / "lsoa11-to-lsoa21.csv"};
  const ImportedGeography done = import_geography(system, files, folder.path);
  CHECK(done.small_areas == 583);
  CHECK(done.unknown == 0);
  for (const Place& place : system.places) {
    const auto& fifths = done.fifths.at("2025").at(place.id);
    for (std::size_t i = 0; i < 5; ++i) {
      const double share = 100.0 * static_cast<double>(fifths[i]) / static_cast<double>(done.residents.at(place.id));
      CHECK(std::abs(share - *find_published(system, "deprivation_fifths_2025", place.id, std::to_string(i + 1))) < 0.051);
    }
  }
}

TEST_CASE("the postcode directory is read as a stream; every row is kept, outside or faulty") {
  const Folder folder("catchment-test-postcodes");
  const std::string text =
      "\xEF\xBB\xBFPCD7,pcds,dointr,doterm,\"oseast1m\",lsoa21\r\n"
      "\"AB1 1AA\",\"AB1 1AA\",199001,,1,P1\r\n"
      "AB1 1AB,AB1 1AB,199001,202002,1,P3\n"
      "AB1 1AC,AB1 1AC,199001,,1,Z9\n"
      "AB1 1AD,AB1 1AD,199001,,1,\n"
      "nonsense,nonsense,199001,,1,P1\n"
      "AB1 1AE,AB1 1AE,199001,2020-02,1,P1\n" +
      std::string(100'000, 'x') + "\n" + "AB1 1AF,AB1 1AF,199001,,1,P4";
  SilentProgress progress;
  const ImportedPostcodes done = import_postcodes(tiny(), folder.write("onspd.csv", text), folder.path, progress);
  CHECK(done.read == 8);
  CHECK(done.kept == 3);
  CHECK(done.ended == 1);
  CHECK(done.outside == 2);
  CHECK(done.faulty == 3);
  CHECK(done.kept + done.outside + done.faulty == done.read);
  CHECK(folder.read("postcodes.csv") == "postcode,small_area,ended\nAB1 1AA,P1,\nAB1 1AB,P3,2020-02-29\nAB1 1AF,P4,\n");
}

TEST_CASE("a file that is not the postcode directory is refused") {
  const Folder folder("catchment-test-postcodes-bad");
  SilentProgress progress;
  CHECK_THROWS_AS(import_postcodes(tiny(), folder.write("a.csv", "a,b\n1,2\n"), folder.path, progress), Error);
  CHECK_THROWS_AS(import_postcodes(tiny(), folder.write("empty.csv", ""), folder.path, progress), Error);
  CHECK_THROWS_AS(import_postcodes(tiny(), folder.path, folder.path, progress), Error);
  CHECK_FALSE(fs::exists(folder.path / "postcodes.csv"));
}
