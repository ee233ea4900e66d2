#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "measures/measures.h"
#include "measures/person_set.h"

using namespace catchment;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("catchment-members-" + std::to_string(::getpid()));
  Folder() { std::filesystem::remove_all(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::vector<std::uint32_t> range(std::uint32_t from, std::uint32_t to) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = from; i < to; ++i) all.push_back(i);
  return all;
}

}  // namespace

TEST_CASE("a set of persons counts, intersects and reads back") {
  measures::PersonSet a, b;
  a.add(range(0, 100000));
  b.add(std::vector<std::uint32_t>{5, 99999, 100000, 4000000000U});
  CHECK(a.count() == 100000);
  CHECK(a.count_with(b) == 2);
  CHECK(b.contains(4000000000U));
  CHECK_FALSE(b.contains(6));
  const std::string bytes = a.bytes();
  CHECK(bytes.size() < 100);  // one run, not a hundred thousand numbers
  const auto again = measures::PersonSet::from_bytes(bytes);
  REQUIRE(again);
  CHECK(again->places() == a.places());
  CHECK_FALSE(measures::PersonSet::from_bytes(bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(measures::PersonSet::from_bytes("no set"));
  CHECK_FALSE(measures::PersonSet::from_bytes(""));
}

TEST_CASE("members are kept whole, and a damaged file counts as absent") {
  const Folder folder;
  const measures::MembersStore store(folder.path);
  const measures::MembersKey key{"0123456789abcdef00", "some-measure", "abc", *Date::parse("2026-03-01")};
  CHECK_FALSE(store.has(key));
  measures::MonthMembers members;
  members.denominator.add(range(0, 10));
  members.numerator.add(std::vector<std::uint32_t>{2, 3});
  members.more = {{3, 4}};
  store.write(key, members);
  CHECK(store.has(key));
  const auto read = store.read(key);
  REQUIRE(read);
  CHECK(read->denominator.count() == 10);
  CHECK(read->events() == 5);  // one of the second, four of the third
  CHECK(read->more == members.more);
  CHECK_FALSE(store.read({"ffff456789abcdef00", "some-measure", "abc", key.month}));
  CHECK_FALSE(store.has({key.content_hash, "some-measure", "abd", key.month}));
  const std::filesystem::path file = store.file_of(key);
  {
    std::fstream edit(file, std::ios::in | std::ios::out | std::ios::binary);
    edit.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file)) - 40);
    edit.put('\x7f');
  }
  CHECK_FALSE(store.read(key));
}
