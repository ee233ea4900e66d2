#include "indicators/publication_store.h"

#include <zstd.h>

#include "base/error.h"
#include "indicators/sql.h"

namespace catchment::indicators {

namespace {

constexpr int fast = 1;  // the texts are long and much alike
constexpr std::size_t longest_text = std::size_t{1} << 28;

std::string compressed(const std::string& text) {
  std::string bytes(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), fast);
  if (ZSTD_isError(size) != 0) throw Error(ErrorKind::bug, std::string("publications could not be compressed: ") + ZSTD_getErrorName(size));
  bytes.resize(size);
  return bytes;
}

std::string expanded(std::string_view bytes) {
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  std::string text(size > longest_text ? 0 : size, '\0');
  if (size > longest_text || ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size()) != size)
    throw Error(ErrorKind::user, "what was published before is damaged in published.sqlite",
                "restore the file from a copy; without it counts could be worked out");
  return text;
}

}  // namespace

PublicationStore::PublicationStore(const std::filesystem::path& file) : database_(file, db::SqliteMode::create) {
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  database_.execute(sql::publication_create);
  database_.execute(sql::publication_drop);
}

disclosure::Memory PublicationStore::read(const std::string& measure, Date month) {
  db::Statement rows = database_.prepare(sql::publication_read);
  rows.bind(measure).bind(month.days);
  return rows.step() ? disclosure::memory_from_text(expanded(rows.blob(0))) : disclosure::Memory();
}

void PublicationStore::keep(const std::string& measure, Date month, const disclosure::Memory& memory) {
  if (memory.releases.empty()) return;
  const std::string bytes = compressed(disclosure::to_text(memory));
  database_.prepare(sql::publication_keep).bind(measure).bind(month.days).bind_blob(bytes).run();
}

void PublicationStore::forget_before(Date month) { database_.prepare(sql::publication_forget).bind(month.days).run(); }

}  // namespace catchment::indicators
