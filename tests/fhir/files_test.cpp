// Files as they come: compressed in pieces, cut off, with something behind the end.
#include "fhir/data/files.h"

#include <doctest/doctest.h>
#include <isa-l/igzip_lib.h>

#include <fstream>

#include "base/error.h"

using namespace catchment;
using namespace catchment::fhir;

namespace {

std::string gzip(std::string text) {
  std::string packed(text.size() + 1000, '\0');
  isal_zstream stream{};
  isal_deflate_stateless_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = reinterpret_cast<std::uint8_t*>(text.data());
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(packed.data());
  stream.avail_out = static_cast<std::uint32_t>(packed.size());
  REQUIRE(isal_deflate_stateless(&stream) == COMP_OK);
  packed.resize(packed.size() - stream.avail_out);
  return packed;
}

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / "catchment-files-test") { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return path / name;
  }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("a file is read whole, plain or compressed, in one piece or several, one after another") {
  const Folder folder;
  const std::string large(5'000'000, 'x');
  FileReader reader;
  CHECK(reader.read(folder.write("a.json", "plain")) == "plain");
  CHECK(reader.read(folder.write("b.json.gz", gzip("packed"))) == "packed");
  CHECK(reader.read(folder.write("c.json.gz", gzip("one, ") + gzip(large) + gzip(", two"))) == "one, " + large + ", two");
  CHECK(reader.read(folder.write("d.json.gz", gzip("packed") + std::string(512, '\0'))) == "packed");
  CHECK(reader.read(folder.write("e.json.gz", "not packed")) == "not packed");
  CHECK(reader.read(folder.write("f.json.gz", "")).empty());
  CHECK(read_file(folder.write("g.json.gz", gzip(""))).empty());
}

TEST_CASE("a file that is cut off or damaged is an error, not a part of it") {
  const Folder folder;
  FileReader reader;
  std::string packed = gzip("some text, some text, some text");
  CHECK_THROWS_AS(reader.read(folder.write("a.json.gz", packed.substr(0, packed.size() - 6))), Error);
  CHECK_THROWS_AS(reader.read(folder.write("b.json.gz", packed.substr(0, 5))), Error);
  packed[packed.size() - 6] ^= 1;  // the checksum
  CHECK_THROWS_AS(reader.read(folder.write("c.json.gz", packed)), Error);
  CHECK_THROWS_AS(reader.read(folder.path / "none.json"), Error);
}

TEST_CASE("lines are the same however the file is packed and however long they are") {
  const Folder folder;
  FileReader reader;
  const std::string large(700'000, 'x');
  const std::string text = "one\n\n" + large + "\r\nthree\n" + large + large + "\nlast";
  const std::string half = text.substr(0, 350'000);
  for (const std::filesystem::path& path :
       {folder.write("a.ndjson", text), folder.write("b.ndjson.gz", gzip(text)), folder.write("c.ndjson.gz", gzip(half) + gzip(text.substr(half.size())))}) {
    std::string all;
    std::size_t lines = 0;
    reader.read_lines(path, [&](std::string_view line) {
      all += std::string(line) + "\n";
      ++lines;
    });
    CHECK(lines == 6);
    CHECK(all == text + "\n");
  }
  reader.read_lines(folder.write("d.ndjson", "one\n"), [](std::string_view line) { CHECK(line == "one"); });
  reader.read_lines(folder.write("e.ndjson.gz", ""), [](std::string_view) { FAIL("there is no line"); });
  CHECK_THROWS_AS(reader.read_lines(folder.write("f.ndjson.gz", gzip(text).substr(0, 900)), [](std::string_view) {}), Error);
}
