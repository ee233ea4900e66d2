#include "records/people_writer.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "records/block.h"
#include "records/block_store.h"
#include "records/spill.h"
#include "records/sql.h"
#include "records/summary_rows.h"

namespace catchment::records {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{48} << 10;
constexpr std::size_t dictionary_examples = 4000;

// Runs work(0) ... work(count - 1) on the threads; the first failure stops the rest and is thrown.
void in_parallel(unsigned threads, std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> workers;
  for (unsigned t = 1; t < std::min<std::size_t>(threads, count); ++t) workers.emplace_back(run);
  run();
  for (std::thread& worker : workers) worker.join();
  if (failure) std::rethrow_exception(failure);
}

void scatter(db::Duck& population, const Table& table, const PersonRanks& ranks, SpillFiles& files, Progress& progress) {
  db::Connection connection = population.connect();
  db::Rows rows = connection.stream(spill_statement(table));
  std::vector<std::string> buffers(files.count());
  std::string scratch;
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
      const std::uint32_t rank = ranks.rank(chunk.integer(0, row));
      const std::size_t file = rank / files.persons_each();
      std::string& buffer = buffers[file];
      put_record(buffer, scratch, table, chunk, row, rank % files.persons_each());
      if (buffer.size() < buffer_bytes) continue;
      files.append(file, buffer);
      buffer.clear();
    }
    progress.advance(chunk.rows());
  }
  for (std::size_t file = 0; file < buffers.size(); ++file)
    if (!buffers[file].empty()) files.append(file, buffers[file]);
}

struct Part {
  std::vector<std::string> blocks;  // packed; compressed once a dictionary is known
  std::int64_t rows = 0;
  std::uint64_t packed_bytes = 0;
  Digest digest{};
};

Part pack_part(std::string_view file, std::span<const PersonSummary> persons) {
  Part part;
  Sha256 digest;
  const std::vector<SpilledRow> rows = sorted_rows(file, static_cast<std::uint32_t>(persons.size()));
  part.rows = static_cast<std::int64_t>(rows.size());
  auto at = rows.begin();
  PersonBlock block;
  std::vector<BlockTable> kept(table_count);  // their buffers serve one person after another
  for (std::uint32_t rank = 0; rank < persons.size(); ++rank) {
    block.summary = persons[rank];
    for (; at != rows.end() && at->rank == rank; ++at) {
      const Table* table = &tables[at->table];
      if (block.tables.empty() || block.tables.back().table != table) {
        block.tables.push_back(std::move(kept[at->table]));
        block.tables.back().start(*table);
      }
      add_row(block.tables.back(), *at);
    }
    part.blocks.push_back(pack(block));
    for (BlockTable& table : block.tables) kept[static_cast<std::size_t>(table.table - tables)] = std::move(table);
    block.tables.clear();
    part.packed_bytes += part.blocks.back().size();
    digest.add(part.blocks.back());
  }
  part.digest = digest.finish();
  return part;
}

std::string dictionary_of(const Part& part) {
  std::vector<std::string> examples(part.blocks.begin(), part.blocks.begin() + static_cast<std::ptrdiff_t>(std::min(part.blocks.size(), dictionary_examples)));
  return learn_dictionary(examples);
}

}  // namespace

PeopleResult write_people(db::Duck& population, const PeopleSettings& settings, Progress& progress) {
  const std::vector<PersonSummary> persons = read_summaries(population);
  std::vector<std::int64_t> ids(persons.size());
  std::transform(persons.begin(), persons.end(), ids.begin(), [](const PersonSummary& s) { return s.person.value; });
  const PersonRanks ranks(std::move(ids));

  std::vector<std::pair<std::int64_t, const Table*>> by_size;
  std::int64_t total = 0;
  db::Connection connection = population.connect();
  for (const Table& table : tables) {
    const auto count = std::get<std::int64_t>(connection.query("SELECT count(*) FROM " + db::quoted_name(table.name)).single());
    by_size.emplace_back(count, &table);
    total += count;
  }
  std::stable_sort(by_size.begin(), by_size.end(), [](const auto& a, const auto& b) { return a.first > b.first; });

  PeopleResult result;
  result.persons = static_cast<std::int64_t>(persons.size());
  progress.step("gathering rows by person", static_cast<std::uint64_t>(total), "rows");
  SpillFiles files(settings.temporary_directory, persons.size(), static_cast<std::uint64_t>(total));
  in_parallel(settings.threads, by_size.size(), [&](std::size_t i) { scatter(population, *by_size[i].second, ranks, files, progress); });
  progress.done();

  progress.step("writing person blocks", persons.size(), "persons");
  const auto part_of = [&](std::size_t file) {
    const std::size_t first = file * files.persons_each();
    return pack_part(files.take(file), std::span(persons).subspan(first, std::min<std::size_t>(files.persons_each(), persons.size() - first)));
  };
  std::vector<Part> wave;
  std::string dictionary;
  if (files.count() > 0) {
    wave.push_back(part_of(0));  // the dictionary is learnt from the first persons, whatever the number of threads
    dictionary = dictionary_of(wave[0]);
  }
  BlockWriter writer(settings.file, dictionary);
  Sha256 digest;
  for (std::size_t first = 0; first < files.count(); first += wave.size()) {
    const std::size_t done = first == 0 ? 1 : 0;
    wave.resize(std::min<std::size_t>(settings.threads, files.count() - first));
    in_parallel(settings.threads, wave.size(), [&](std::size_t i) {
      if (i >= done) wave[i] = part_of(first + i);
      BlockCompressor compressor(dictionary);
      for (std::string& block : wave[i].blocks) block = compressor.compress(block);
    });
    for (std::size_t i = 0; i < wave.size(); ++i) {
      std::size_t rank = (first + i) * files.persons_each();
      for (const std::string& block : wave[i].blocks) {
        writer.add(persons[rank++].person, block);
        result.bytes += block.size();
      }
      result.rows += wave[i].rows;
      result.packed_bytes += wave[i].packed_bytes;
      digest.add({reinterpret_cast<const char*>(wave[i].digest.data()), wave[i].digest.size()});
      progress.advance(wave[i].blocks.size());
      wave[i] = Part{};
    }
  }
  writer.close();
  result.digest = digest.finish();
  progress.done();
  if (result.rows != total)
    throw Error(ErrorKind::bug, "person blocks hold " + std::to_string(result.rows) + " rows where the tables hold " + std::to_string(total));
  return result;
}

}  // namespace catchment::records
