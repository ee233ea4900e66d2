#include "web/files.h"

#include <zlib.h>

#include <array>
#include <fstream>

#include "base/error.h"
#include "base/hash.h"

namespace catchment::web {

namespace {

constexpr std::uintmax_t largest_file = 32U << 20;

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> content_types = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".map", "application/json"},
    {".xml", "application/xml"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
}};

bool compressible(std::string_view type) {
  return type.starts_with("text/") || type.starts_with("application/json") || type == "image/svg+xml" || type.find("+json") != std::string_view::npos;
}

/// "app-1A2B3C4D.js": a dash or dot, then at least eight letters and digits, one of them a digit, then the extension.
bool has_hash(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto before = name.find_last_of("-.", dot - 1);
  if (before == std::string_view::npos || dot - before - 1 < 8) return false;
  bool digit = false;
  for (const char c : name.substr(before + 1, dot - before - 1)) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) return false;
    digit = digit || is_digit;
  }
  return digit;
}

}  // namespace

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw Error(ErrorKind::environment, "an answer could not be compressed");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw Error(ErrorKind::bug, "an answer could not be compressed");
  return out;
}

std::string_view content_type_of(std::string_view name) {
  for (const auto& [extension, type] : content_types)
    if (name.ends_with(extension)) return type;
  return "application/octet-stream";
}

Files::Files(std::filesystem::path folder) : folder_(std::move(folder)) { read(); }

void Files::read() {
  looked_ = std::chrono::steady_clock::now();
  std::error_code ignored;
  const auto built = std::filesystem::last_write_time(folder_ / "index.html", ignored);
  if (folder_.empty() || ignored || built == built_) return;
  Table table;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_, ignored)) {
    if (entry.is_symlink() || !entry.is_regular_file() || entry.file_size() > largest_file) continue;
    const std::string name = "/" + std::filesystem::relative(entry.path(), folder_).generic_string();
    if (name.find("/.") != std::string::npos) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    auto file = std::make_shared<File>();
    file->bytes.assign(std::istreambuf_iterator<char>(in), {});
    file->content_type = content_type_of(name);
    file->tag = "\"" + to_hex(sha256(file->bytes)).substr(0, 32) + "\"";
    file->lasting = has_hash(name);
    if (compressible(file->content_type)) file->gzipped = gzip(file->bytes);
    if (file->gzipped.size() >= file->bytes.size()) file->gzipped.clear();
    table.emplace(name, std::move(file));
  }
  table_ = std::move(table);
  built_ = built;
}

std::shared_ptr<const File> Files::find(std::string_view path) {
  const std::lock_guard lock(mutex_);
  if (std::chrono::steady_clock::now() - looked_ > std::chrono::seconds(2)) read();
  auto found = table_.find(path);
  const auto last = path.substr(path.rfind('/') + 1);
  if (found == table_.end() && last.find('.') == std::string_view::npos) found = table_.find("/index.html");
  return found == table_.end() ? nullptr : found->second;
}

}  // namespace catchment::web
