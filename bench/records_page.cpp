// Record page latency and disk: one person's whole record unpacked, over persons chosen at random.
// Usage: bench_records_page SNAPSHOT_FOLDER [READS]. Checks that every block read has the person asked for.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include "base/random.h"
#include "records/records.h"

namespace catchment::access {
class FilterMaker {  // the benchmark's own; in the product module access makes filters
 public:
  static records::RowFilter everyone() {
    records::FilterTerms terms;
    terms.everyone = terms.identity = true;
    return records::RowFilter(std::move(terms));
  }
};
}  // namespace catchment::access

int main(int argc, char** argv) {
  using namespace catchment;
  if (argc < 2) return fmt::print("usage: bench_records_page SNAPSHOT_FOLDER [READS]\n"), 2;
  const auto snapshot = records::Snapshot::open_folder(argv[1]);
  const int reads = argc > 2 ? std::atoi(argv[2]) : 20000;
  const records::RowFilter filter = access::FilterMaker::everyone();
  std::vector<std::int64_t> persons;
  std::int64_t rows = 0;
  {
    db::Connection connection = snapshot->population();
    for (const auto& row : connection.query("SELECT person FROM person ORDER BY person").all()) persons.push_back(std::get<std::int64_t>(row[0]));
    for (const records::Table& table : records::tables)
      rows += std::get<std::int64_t>(connection.query("SELECT count(*) FROM " + db::quoted_name(table.name)).single());
  }
  if (persons.empty()) return fmt::print("the snapshot has nobody\n"), 1;
  const auto measure = [&](const char* what, int times, const auto& read) {
    Random random(1);
    std::vector<double> took;
    std::size_t found = 0;
    for (int i = 0; i < times; ++i) {
      const PersonId person{persons[random.below(persons.size())]};
      const auto start = std::chrono::steady_clock::now();
      found += read(person);
      took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(took.begin(), took.end());
    fmt::print("{}: {} reads, p50 {:.0f} us, p99 {:.0f} us, most {:.0f} us\n", what, times, took[took.size() / 2], took[took.size() * 99 / 100], took.back());
    return found == static_cast<std::size_t>(times);
  };
  bool right = measure("record block", reads, [&](PersonId person) {
    const auto block = snapshot->person_block(person, filter);
    return block && block->summary.person == person ? 1U : 0U;
  });
  right = measure("identity", std::min(reads, 2000),
                  [&](PersonId person) {
                    static_cast<void>(snapshot->identity(person, filter));  // persons known only by a pseudonym have none
                    return 1U;
                  }) &&
      right;
  const auto size = [&](const std::filesystem::path& file) { return static_cast<double>(std::filesystem::file_size(file)) / 1e6; };
  const double population = size(snapshot->files().population()), people = size(snapshot->files().people()), identity = size(snapshot->files().identity());
  fmt::print("{} persons, {} rows: population {:.1f} MB, people {:.1f} MB, identity {:.1f} MB; {:.1f} MB a million rows\n", persons.size(), rows, population,
             people, identity, (population + people + identity) * 1e6 / static_cast<double>(std::max<std::int64_t>(rows, 1)));
  return right ? 0 : 1;
}
