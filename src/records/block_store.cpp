#include "records/block_store.h"

#include <zdict.h>
#include <zstd.h>

#include "base/error.h"
#include "db/db.h"
#include "records/block.h"
#include "records/sql.h"

namespace catchment::records {

namespace {
constexpr int level = 1;
constexpr std::size_t dictionary_bytes = std::size_t{64} << 10;
constexpr std::size_t maximum_block = std::size_t{1} << 30;

[[noreturn]] void damaged() { throw Error(ErrorKind::environment, "people.sqlite is damaged", "rebuild the snapshot: catchment build --workspace DIR"); }
}  // namespace

struct BlockCompressor::State {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CDict* dictionary = nullptr;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    ZSTD_freeCCtx(context);
    ZSTD_freeCDict(dictionary);
  }
};

BlockCompressor::BlockCompressor(std::string_view dictionary) : state_(std::make_unique<State>()) {
  if (!dictionary.empty()) state_->dictionary = ZSTD_createCDict(dictionary.data(), dictionary.size(), level);
}
BlockCompressor::~BlockCompressor() = default;
BlockCompressor::BlockCompressor(BlockCompressor&&) noexcept = default;

std::string BlockCompressor::compress(std::string_view block) {
  std::string out(ZSTD_compressBound(block.size()), '\0');
  const std::size_t size = state_->dictionary != nullptr
      ? ZSTD_compress_usingCDict(state_->context, out.data(), out.size(), block.data(), block.size(), state_->dictionary)
      : ZSTD_compressCCtx(state_->context, out.data(), out.size(), block.data(), block.size(), level);
  if (ZSTD_isError(size)) throw Error(ErrorKind::bug, std::string("a person block could not be compressed: ") + ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

std::string learn_dictionary(const std::vector<std::string>& examples) {
  std::string all;
  std::vector<std::size_t> sizes;
  for (const std::string& example : examples) {
    all += example;
    sizes.push_back(example.size());
  }
  if (sizes.size() < 64) return {};
  std::string dictionary(dictionary_bytes, '\0');
  const std::size_t size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), all.data(), sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size)) return {};  // too little to learn from
  dictionary.resize(size);
  return dictionary;
}

struct BlockWriter::State {
  db::Sqlite database;
  std::optional<db::Statement> insert;
  std::uint64_t pending = 0;
};

BlockWriter::BlockWriter(const std::filesystem::path& file, std::string_view dictionary)
    : state_(std::make_unique<State>(State{db::Sqlite(file, db::SqliteMode::create), {}})) {
  // Nobody reads the file before it is complete, and a build that dies throws it away.
  state_->database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 16384; VACUUM");
  state_->database.execute(sql::people_block);
  state_->database.execute(sql::people_about);
  state_->database.prepare(sql::people_about_add).bind("format").bind(block_format).bind_null().run();
  state_->database.prepare(sql::people_about_add).bind("dictionary").bind(0).bind_blob(dictionary).run();
  state_->insert = state_->database.prepare(sql::people_block_add);
  state_->database.execute("BEGIN");
}
BlockWriter::~BlockWriter() = default;

void BlockWriter::add(PersonId person, std::string_view compressed) { state_->insert->bind(person.value).bind_blob(compressed).run(); }

void BlockWriter::close() {
  state_->database.execute("COMMIT");
  state_->insert.reset();
}

struct BlockReader::State {
  db::Sqlite database;
  std::optional<db::Statement> select;
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_DDict* dictionary = nullptr;
  explicit State(const std::filesystem::path& file) : database(file, db::SqliteMode::read_only) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    ZSTD_freeDCtx(context);
    ZSTD_freeDDict(dictionary);
  }
};

BlockReader::BlockReader(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {
  state_->database.execute("PRAGMA mmap_size = 1099511627776");
  db::Statement about = state_->database.prepare(sql::people_about_read);
  while (about.step()) {
    if (about.text(0) == "format" && about.integer(1) != block_format)
      throw Error(ErrorKind::environment, "people.sqlite has a format this program does not read", "rebuild the snapshot: catchment build --workspace DIR");
    const std::string_view bytes = about.blob(2);
    if (about.text(0) == "dictionary" && !bytes.empty()) state_->dictionary = ZSTD_createDDict(bytes.data(), bytes.size());
  }
  state_->select = state_->database.prepare(sql::people_block_read);
}
BlockReader::~BlockReader() = default;
BlockReader::BlockReader(BlockReader&&) noexcept = default;

std::optional<std::string> BlockReader::read(PersonId person) {
  db::Statement& select = *state_->select;
  select.reset();
  if (!select.bind(person.value).step()) return {};
  const std::string_view stored = select.blob(0);
  const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > maximum_block) damaged();
  std::string out(size, '\0');
  const std::size_t done = state_->dictionary != nullptr
      ? ZSTD_decompress_usingDDict(state_->context, out.data(), out.size(), stored.data(), stored.size(), state_->dictionary)
      : ZSTD_decompressDCtx(state_->context, out.data(), out.size(), stored.data(), stored.size());
  if (ZSTD_isError(done) || done != size) damaged();
  return out;
}

}  // namespace catchment::records
