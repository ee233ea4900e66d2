// bench_lookup WORKSPACE N [SEED] [--link FOLDER]: looks up N residents of the published snapshot by their details with planted faults, prints how
// long one lookup takes and whom it finds, and ends with 1 when fewer are found than is stated below, or any is said to be somebody else too often.
// With --link the snapshot's rows are linked again and what lookups need is kept in FOLDER: for a snapshot that was built before there were lookups.
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "access/access.h"
#include "base/error.h"
#include "base/random.h"
#include "build/build.h"
#include "db/db.h"

using namespace catchment;

namespace {

namespace fs = std::filesystem;

// What must be found, of those whose details hold a name and a date of birth.
constexpr double least_found = 0.97;
constexpr double most_taken_for_another = 0.0005;

struct Resident {
  PersonId person;
  std::string number, given, family, born, sex, postcode, address, telephone;
  bool restricted = false;
};

std::string cell_of(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  return chunk.is_null(column, row) ? std::string() : std::string(chunk.text(column, row));
}

// Everybody who has a name and a birthday, at even steps through the file.
std::vector<Resident> residents(const fs::path& identity, std::size_t wanted) {
  db::DuckOptions options;
  options.read_only = true;
  const db::Duck duck(identity, options);
  db::Connection connection = duck.connect();
  const std::string who = " FROM identity WHERE given IS NOT NULL AND family IS NOT NULL AND birth_date IS NOT NULL";
  const auto count = std::get<std::int64_t>(connection.query("SELECT count(*)" + who).single());
  const std::int64_t step = std::max<std::int64_t>(1, count / static_cast<std::int64_t>(wanted));
  std::vector<Resident> out;
  db::Rows rows = connection.query(
      "SELECT person, nhs_number, given, family, birth_date::VARCHAR, sex, postcode, address, telephone, coalesce(restricted, false) FROM (SELECT *, "
      "row_number() OVER (ORDER BY person) AS place" +
      who + ") WHERE place % " + std::to_string(step) + " = 0 ORDER BY person LIMIT " + std::to_string(wanted));
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r)
      out.push_back({PersonId{chunk.integer(0, r)}, cell_of(chunk, 1, r), cell_of(chunk, 2, r), cell_of(chunk, 3, r), cell_of(chunk, 4, r),
                     cell_of(chunk, 5, r), cell_of(chunk, 6, r), cell_of(chunk, 7, r), cell_of(chunk, 8, r), chunk.integer(9, r) != 0});
  return out;
}

// The rows of a snapshot linked again; `relinked` says who the first row of each of the snapshot's persons is now.
void link_again(const fs::path& identity, const fs::path& folder, std::map<PersonId, PersonId>& relinked) {
  db::DuckOptions options;
  options.read_only = true;
  const db::Duck duck(identity, options);
  db::Connection connection = duck.connect();
  linkage::IdentityTable table;
  std::vector<std::pair<PersonId, std::uint32_t>> first_rows;
  db::Rows rows = connection.stream(
      "SELECT person, source, line, nhs_number, given, family, birth_date::VARCHAR, sex, postcode, address, telephone, email, coalesce(restricted, "
      "false) FROM identity_row");
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      if (first_rows.empty() || first_rows.back().first != PersonId{chunk.integer(0, r)})
        first_rows.emplace_back(PersonId{chunk.integer(0, r)}, static_cast<std::uint32_t>(table.size()));
      std::array<std::string, 9> cells;
      for (std::size_t c = 0; c < cells.size(); ++c) cells[c] = cell_of(chunk, c + 3, r);
      const std::string key = std::to_string(chunk.integer(2, r));
      linkage::IdentityRow row;
      row.source = SourceId{static_cast<std::int32_t>(chunk.integer(1, r))}, row.key = key;
      row.nhs_number = cells[0], row.given_names = cells[1], row.family_name = cells[2], row.date_of_birth = cells[3], row.sex = cells[4];
      row.postcode = cells[5], row.address_line = cells[6], row.telephone = cells[7], row.email = cells[8];
      if (chunk.integer(12, r) != 0) row.flags = linkage::flag_restricted;
      table.add(row);
    }
  linkage::LinkSettings settings;
  settings.threads = 2, settings.keep_lookup = true;
  SilentProgress silent;
  const linkage::LinkResult result = link_identities(table, {}, settings, silent);
  for (const auto& [person, row] : first_rows) relinked.emplace(person, result.person[row]);
  const auto started = std::chrono::steady_clock::now();
  fs::create_directories(folder);
  build::write_lookup(build::lookup_file(folder), result.lookup, {});
  fmt::print("{} rows linked again; written in {:.1f} s\n", table.size(), std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
}

constexpr std::array<std::string_view, 8> faults = {"as recorded, no number",      "number, name and birthday",
                                                    "given name mistyped",         "family name mistyped",
                                                    "a digit of the birthday",     "moved away",
                                                    "names in each other's place", "a stranger"};
constexpr std::size_t stranger = 7;

void mistype(std::string& text, Random& random) {
  if (text.size() < 3) return;
  const std::size_t at = 1 + random.below(text.size() - 2);
  if (random.chance(0.5)) text[at] = static_cast<char>('a' + random.below(26));
  else std::swap(text[at], text[at + 1]);
}

void plant(Resident& one, std::size_t fault, Random& random) {
  if (fault != 1) one.number.clear();
  switch (fault) {
    case 1: one.postcode.clear(), one.address.clear(), one.telephone.clear(); break;
    case 2: mistype(one.given, random); break;
    case 3: mistype(one.family, random); break;
    case 4: one.born[9] = static_cast<char>('0' + (one.born[9] - '0' + 1 + static_cast<int>(random.below(8))) % 10); break;
    case 5: one.postcode = "ZE1 0AA", one.address = "1 Elsewhere Road", one.telephone.clear(); break;
    case 6: std::swap(one.given, one.family); break;
    case stranger:
      std::reverse(one.given.begin(), one.given.end()), std::reverse(one.family.begin(), one.family.end());
      one.born = "19" + std::to_string(10 + random.below(90)) + one.born.substr(4), one.postcode = "ZE1 0AA", one.address.clear(), one.telephone.clear();
      break;
    default: break;
  }
}

struct Tally {
  std::size_t asked = 0, first = 0, listed = 0, same = 0, possible = 0, another = 0;
};

double part_of(std::size_t some, std::size_t all) { return all == 0 ? 0 : static_cast<double>(some) / static_cast<double>(all); }

/// Of this thread: what a lookup costs whatever else the machine does.
double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

linkage::IdentityTable table_of(const Resident& one) {
  linkage::IdentityRow row;
  row.nhs_number = one.number, row.given_names = one.given, row.family_name = one.family, row.date_of_birth = one.born, row.sex = one.sex;
  row.postcode = one.postcode, row.address_line = one.address, row.telephone = one.telephone;
  linkage::IdentityTable out;
  out.add(row);
  return out;
}

records::RowFilter filter_of(const fs::path& audit_file, const records::Snapshot& snapshot) {
  const SystemClock clock;
  access::AuditWriter audit(audit_file);
  access::Gate gate(audit, clock);
  access::Subject subject;
  subject.account = "benchmark", subject.role = access::Role::data_steward, subject.purpose = access::Purpose::data_quality;
  return *gate.admit(subject, {access::ObjectKind::linkage_review, "details looked up", {}, snapshot.manifest().id}, &snapshot.dictionaries()).filter;
}

int run(const std::string& workspace, std::size_t wanted, std::uint64_t seed, const std::string& link_into) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); };
  const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
  if (!snapshot->manifest().synthetic) throw Error(ErrorKind::user, "the snapshot is not synthetic");
  const fs::path audit = fs::temp_directory_path() / ("bench-lookup-" + std::to_string(getpid()) + ".sqlite");
  const records::RowFilter filter = filter_of(audit, *snapshot);
  fs::remove(audit);
  std::map<PersonId, PersonId> relinked;
  if (!link_into.empty()) link_again(snapshot->files().identity(), link_into, relinked);
  const fs::path kept = link_into.empty() ? snapshot->files().folder : fs::path(link_into);
  const auto opened = Clock::now();
  build::PersonFinder finder(kept);
  fmt::print("persons {}  kept {:.1f} MB ({:.0f} bytes a person)  opened in {:.1f} ms\n", snapshot->manifest().persons,
             static_cast<double>(fs::file_size(build::lookup_file(kept))) / 1e6,
             static_cast<double>(fs::file_size(build::lookup_file(kept))) / static_cast<double>(snapshot->manifest().persons), since(opened));
  std::vector<Resident> people = residents(snapshot->files().identity(), wanted);
  for (Resident& one : people)
    if (!relinked.empty()) one.person = relinked.at(one.person);
  Random random(seed);
  std::array<Tally, faults.size()> tallies;
  std::vector<double> took, processor, compared;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::size_t fault = i % faults.size();
    plant(people[i], fault, random);
    const linkage::IdentityTable details = table_of(people[i]);
    const auto started = Clock::now();
    const double processor_before = processor_ms();
    const linkage::LookupAnswer answer = finder.find(details, filter);
    took.push_back(since(started)), processor.push_back(processor_ms() - processor_before);
    compared.push_back(static_cast<double>(answer.compared));
    Tally& tally = tallies[fault];
    ++tally.asked;
    const auto& found = answer.candidates;
    tally.first += !found.empty() && found[0].person == people[i].person;
    tally.listed += std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.person == people[i].person; });
    tally.same += answer.verdict == linkage::LookupVerdict::same;
    tally.possible += answer.verdict == linkage::LookupVerdict::possible;
    tally.another += answer.verdict == linkage::LookupVerdict::same && found[0].person != people[i].person;
  }
  fmt::print("{:<28} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "details", "asked", "first", "listed", "same", "possible", "another");
  Tally all;
  for (std::size_t f = 0; f < faults.size(); ++f) {
    const Tally& t = tallies[f];
    fmt::print("{:<28} {:>7} {:>8.2f}% {:>8.2f}% {:>8.2f}% {:>8.2f}% {:>9}\n", faults[f], t.asked, 100 * part_of(t.first, t.asked),
               100 * part_of(t.listed, t.asked), 100 * part_of(t.same, t.asked), 100 * part_of(t.possible, t.asked), t.another);
    all.another += t.another;
    if (f != stranger) all.asked += t.asked, all.first += t.first;
  }
  std::sort(took.begin(), took.end()), std::sort(processor.begin(), processor.end()), std::sort(compared.begin(), compared.end());
  const auto at = [](const std::vector<double>& values, double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  struct rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{} lookups: p50 {:.2f} ms, p99 {:.2f} ms, most {:.2f} ms (of the processor {:.2f}, {:.2f} and {:.2f} ms)\n", took.size(), at(took, 0.5),
             at(took, 0.99), took.back(), at(processor, 0.5), at(processor, 0.99), processor.back());
  fmt::print("persons weighed p50 {:.0f}, p99 {:.0f}; memory {:.0f} MB\n", at(compared, 0.5), at(compared, 0.99), static_cast<double>(usage.ru_maxrss) / 1024);
  const double found = part_of(all.first, all.asked), another = part_of(all.another, all.asked + tallies[stranger].asked);
  fmt::print("found first {:.2f}% (at least {:.0f}%), said to be somebody else {:.3f}% (at most {:.2f}%)\n", 100 * found, 100 * least_found, 100 * another,
             100 * most_taken_for_another);
  return found >= least_found && another <= most_taken_for_another ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::string link_into;
  if (words.size() >= 2 && words[words.size() - 2] == "--link") link_into = words.back(), words.resize(words.size() - 2);
  if (words.size() < 2 || words.size() > 3) {
    fmt::print(stderr, "usage: bench_lookup WORKSPACE N [SEED] [--link FOLDER]\n");
    return 2;
  }
  try {
    return run(words[0], std::stoull(words[1]), words.size() > 2 ? std::stoull(words[2]) : 1, link_into);
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n  fix: {}\n", error.what(), error.fix());
    return 3;
  }
}
