// Files as they come: compressed in pieces, cut off, with something behind the end.
#include "fhir/data/files.h"

#include <doctest/doctest.h>
#include <libdeflate.h>

#include <fstream>

#include "base/error.h"

using namespace catchment;
using namespace catchment::fhir;

namespace {

std::string gzip(const std::string& text) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> packer(libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string packed(libdeflate_gzip_compress_bound(packer.get(), text.size()), '\0');
  packed.resize(libdeflate_gzip_compress(packer.get(), text.data(), text.size(), packed.data(), packed.size()));
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
