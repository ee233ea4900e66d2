#include "synth/parquet.h"

#include <zstd.h>

#include <cstring>

#include "base/error.h"
#include "synth/thrift.h"

namespace catchment::synth {
namespace {

enum : std::int32_t { type_int32 = 1, type_int64 = 2, type_double = 5, type_bytes = 6 };
enum : std::int32_t { encoding_plain = 0, encoding_rle = 3, encoding_dictionary = 8 };
constexpr std::int32_t codec_zstd = 6;

/// Run-length and bit-packed hybrid of values below 2^width (Parquet "RLE" encoding).
void hybrid(const std::uint32_t* values, std::size_t count, int width, std::string& out) {
  const auto bytes_per_value = static_cast<std::size_t>((width + 7) / 8);
  std::size_t at = 0;
  std::size_t packed_from = 0;
  const auto flush_packed = [&](std::size_t to) {
    if (to == packed_from) return;
    const std::size_t groups = (to - packed_from + 7) / 8;
    put_varint(out, (static_cast<std::uint64_t>(groups) << 1) | 1);
    std::uint64_t buffer = 0;
    int bits = 0;
    for (std::size_t i = packed_from; i < packed_from + groups * 8; ++i) {
      const std::uint64_t value = i < to ? values[i] : 0;
      buffer |= value << bits;
      bits += width;
      while (bits >= 8) out.push_back(static_cast<char>(buffer & 0xff)), buffer >>= 8, bits -= 8;
    }
    packed_from = to;
  };
  while (at < count) {
    std::size_t run = 1;
    while (at + run < count && values[at + run] == values[at]) ++run;
    // A bit-packed stretch must hold a multiple of eight values unless it is the last one.
    const std::size_t pending = at - packed_from;
    const std::size_t borrow = (8 - pending % 8) % 8;
    if (run >= borrow + 16) {
      flush_packed(at + borrow);
      const std::size_t length = run - borrow;
      put_varint(out, static_cast<std::uint64_t>(length) << 1);
      for (std::size_t b = 0; b < bytes_per_value; ++b) out.push_back(static_cast<char>((values[at] >> (8 * b)) & 0xff));
      packed_from = at + run;
    }
    at += run;
  }
  flush_packed(count);
}

void put_le32(std::string& out, std::uint32_t value) {
  char raw[4];
  std::memcpy(raw, &value, 4);
  out.append(raw, 4);
}

template <typename Number>
void put_plain(std::string& out, const std::vector<Number>& values) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
}

struct Page {
  std::int32_t kind;  // 0 data, 2 dictionary
  std::int32_t values;
  std::int32_t encoding;
};

/// Compresses one page and writes its header and body; returns its raw and stored sizes with the header.
std::pair<std::int64_t, std::int64_t> put_page(std::string& out, const Page& page, const std::string& body) {
  std::string packed(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), body.data(), body.size(), 1);
  if (ZSTD_isError(size)) throw Error(ErrorKind::bug, "zstd could not compress a Parquet page");
  const std::size_t before = out.size();
  Thrift header(out);
  header.i32(1, page.kind);
  header.i32(2, static_cast<std::int32_t>(body.size()));
  header.i32(3, static_cast<std::int32_t>(size));
  header.begin(page.kind == 0 ? 5 : 7);
  header.i32(1, page.values);
  header.i32(2, page.encoding);
  if (page.kind == 0) header.i32(3, encoding_rle), header.i32(4, encoding_rle);
  header.end();
  header.stop();
  const std::size_t head = out.size() - before;
  out.append(packed.data(), size);
  return {static_cast<std::int64_t>(head + body.size()), static_cast<std::int64_t>(head + size)};
}

std::string definition_levels(const std::vector<std::uint8_t>& defined) {
  const std::vector<std::uint32_t> levels(defined.begin(), defined.end());
  std::string runs;
  hybrid(levels.data(), levels.size(), 1, runs);
  std::string out;
  put_le32(out, static_cast<std::uint32_t>(runs.size()));
  return out + runs;
}

int width_for(std::size_t distinct) {
  int width = 1;
  while ((std::size_t{1} << width) < distinct) ++width;
  return width;
}

}  // namespace

void ParquetColumn::text(std::string_view value) {
  defined_.push_back(1);
  if (!symbols_.empty()) {
    const auto [from, size] = spans_[last_];
    if (size == value.size() && std::memcmp(words_.data() + from, value.data(), size) == 0) {
      symbols_.push_back(last_);
      return;
    }
  }
  if (const auto found = seen_.find(value); found != seen_.end()) {
    symbols_.push_back(last_ = found->second);
    return;
  }
  if (words_.size() + value.size() > words_.capacity()) {  // views into words_ move with it
    words_.reserve((words_.size() + value.size()) * 2 + 4096);
    std::unordered_map<std::string_view, std::uint32_t> moved;
    moved.reserve(spans_.size() * 2 + 64);
    for (std::uint32_t i = 0; i < spans_.size(); ++i) moved.emplace(std::string_view(words_).substr(spans_[i].first, spans_[i].second), i);
    seen_.swap(moved);
  }
  const std::size_t from = words_.size();
  words_.append(value);
  last_ = static_cast<std::uint32_t>(spans_.size());
  spans_.emplace_back(from, static_cast<std::uint32_t>(value.size()));
  seen_.emplace(std::string_view(words_).substr(from, value.size()), last_);
  symbols_.push_back(last_);
}

void ParquetColumn::encode_into(ParquetGroup& group) {
  ParquetChunk chunk;
  chunk.offset = static_cast<std::int64_t>(group.bytes.size());
  chunk.values = static_cast<std::int64_t>(defined_.size());
  std::string body = definition_levels(defined_);
  std::int32_t encoding = encoding_plain;
  const auto count = [&](std::pair<std::int64_t, std::int64_t> sizes) {
    chunk.raw_bytes += sizes.first;
    chunk.compressed_bytes += sizes.second;
  };
  switch (kind_) {
    case CellKind::date: put_plain(body, days_); break;
    case CellKind::whole: put_plain(body, wholes_); break;
    case CellKind::decimal: put_plain(body, decimals_); break;
    case CellKind::text:
      if (spans_.size() * 2 > symbols_.size() + 64) {  // mostly distinct: a dictionary would only add to it
        for (const std::uint32_t symbol : symbols_) {
          put_le32(body, spans_[symbol].second);
          body.append(words_, spans_[symbol].first, spans_[symbol].second);
        }
        break;
      }
      encoding = encoding_dictionary;
      std::string dictionary;
      for (const auto& [from, size] : spans_) put_le32(dictionary, size), dictionary.append(words_, from, size);
      chunk.dictionary_offset = chunk.offset;
      count(put_page(group.bytes, {2, static_cast<std::int32_t>(spans_.size()), encoding_plain}, dictionary));
      const int width = width_for(spans_.size());
      body.push_back(static_cast<char>(width));
      hybrid(symbols_.data(), symbols_.size(), width, body);
      break;
  }
  chunk.data_offset = static_cast<std::int64_t>(group.bytes.size());
  count(put_page(group.bytes, {0, static_cast<std::int32_t>(defined_.size()), encoding}, body));
  group.chunks.push_back(chunk);
  defined_.clear(), days_.clear(), wholes_.clear(), decimals_.clear();
  symbols_.clear(), seen_.clear(), spans_.clear(), words_.clear();
  last_ = 0;
}

std::string parquet_footer(const std::vector<ParquetField>& fields, const std::vector<ParquetGroup>& groups, const std::vector<std::int64_t>& group_offsets) {
  std::string out;
  Thrift meta(out);
  std::int64_t rows = 0;
  for (const auto& group : groups) rows += group.rows;
  const auto physical = [](CellKind kind) {
    return kind == CellKind::date ? type_int32 : kind == CellKind::whole ? type_int64 : kind == CellKind::decimal ? type_double : type_bytes;
  };
  meta.i32(1, 1);
  meta.list(2, Thrift::structure, fields.size() + 1);
  meta.element();
  meta.text(4, "row");
  meta.i32(5, static_cast<std::int32_t>(fields.size()));
  meta.end();
  for (const auto& field : fields) {
    meta.element();
    meta.i32(1, physical(field.kind));
    meta.i32(3, 1);  // optional
    meta.text(4, field.name);
    if (field.kind == CellKind::text) meta.i32(6, 0);  // UTF8
    if (field.kind == CellKind::date) meta.i32(6, 6);  // DATE
    meta.end();
  }
  meta.i64(3, rows);
  meta.list(4, Thrift::structure, groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    meta.element();
    meta.list(1, Thrift::structure, fields.size());
    std::int64_t raw = 0;
    for (std::size_t c = 0; c < fields.size(); ++c) {
      const ParquetChunk& chunk = groups[g].chunks[c];
      raw += chunk.raw_bytes;
      meta.element();
      meta.i64(2, group_offsets[g] + chunk.offset);
      meta.begin(3);
      meta.i32(1, physical(fields[c].kind));
      meta.list(2, Thrift::integer, chunk.dictionary_offset >= 0 ? 3 : 2);
      meta.bare_i32(encoding_plain);
      meta.bare_i32(encoding_rle);
      if (chunk.dictionary_offset >= 0) meta.bare_i32(encoding_dictionary);
      meta.list(3, Thrift::binary, 1);
      meta.bare_text(fields[c].name);
      meta.i32(4, codec_zstd);
      meta.i64(5, chunk.values);
      meta.i64(6, chunk.raw_bytes);
      meta.i64(7, chunk.compressed_bytes);
      meta.i64(9, group_offsets[g] + chunk.data_offset);
      if (chunk.dictionary_offset >= 0) meta.i64(11, group_offsets[g] + chunk.dictionary_offset);
      meta.end();
      meta.end();
    }
    meta.i64(2, raw);
    meta.i64(3, groups[g].rows);
    meta.end();
  }
  meta.text(6, "catchment synth");
  meta.stop();
  const auto length = static_cast<std::uint32_t>(out.size());
  put_le32(out, length);
  out.append(parquet_magic);
  return out;
}

}  // namespace catchment::synth
