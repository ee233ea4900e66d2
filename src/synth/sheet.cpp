#include "synth/sheet.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace catchment::synth {
namespace {

constexpr int first_year = 1890;
constexpr int last_year = 2105;
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct YearMonthDay {
  std::int16_t year;
  std::uint8_t month, day;
};

/// Every day of the years people live in: formatting a date is a look-up.
const std::vector<YearMonthDay>& calendar() {
  static const std::vector<YearMonthDay> days = [] {
    std::vector<YearMonthDay> all;
    const Date end = Date::from_ymd(last_year, 12, 31);
    for (Date day = Date::from_ymd(first_year, 1, 1); day <= end; day = day.plus_days(1))
      all.push_back({static_cast<std::int16_t>(day.year()), static_cast<std::uint8_t>(day.month()), static_cast<std::uint8_t>(day.day())});
    return all;
  }();
  return days;
}

void two(char* at, int value) { at[0] = static_cast<char>('0' + value / 10), at[1] = static_cast<char>('0' + value % 10); }
void four(char* at, int value) { two(at, value / 100), two(at + 2, value % 100); }

bool needs_quotes(std::string_view value, char separator) {
  if (value.empty()) return false;
  if (value.front() == ' ' || value.back() == ' ') return true;
  for (const char c : value)
    if (c == separator || c == '"' || c == '\n' || c == '\r') return true;
  return false;
}

[[noreturn]] void refuse(const std::filesystem::path& path) {
  throw Error(ErrorKind::environment, "cannot write " + path.string() + ": " + std::strerror(errno),
              "free some disk space or choose another folder with --out");
}

}  // namespace

std::string_view date_text(Date date, DateStyle style) {
  thread_local std::array<std::array<char, 12>, 8> ring;
  thread_local unsigned turn = 0;
  static const std::int32_t from = Date::from_ymd(first_year, 1, 1).days;
  const auto& days = calendar();
  const auto index = static_cast<std::size_t>(date.days - from);
  if (date.days < from || index >= days.size()) throw Error(ErrorKind::bug, "a synthetic date is outside 1890 to 2105");
  const YearMonthDay ymd = days[index];
  char* out = ring[turn++ % ring.size()].data();
  switch (style) {
    case DateStyle::iso: four(out, ymd.year), out[4] = '-', two(out + 5, ymd.month), out[7] = '-', two(out + 8, ymd.day); return {out, 10};
    case DateStyle::compact: four(out, ymd.year), two(out + 4, ymd.month), two(out + 6, ymd.day); return {out, 8};
    case DateStyle::slashed: two(out, ymd.day), out[2] = '/', two(out + 3, ymd.month), out[5] = '/', four(out + 6, ymd.year); return {out, 10};
    case DateStyle::named:
      two(out, ymd.day), out[2] = '-';
      std::memcpy(out + 3, month_names[ymd.month - 1u].data(), 3);
      out[6] = '-', four(out + 7, ymd.year);
      return {out, 11};
  }
  return {};
}

Block::Block(const Sheet& sheet) : sheet_(&sheet) {
  if (sheet.form == SheetForm::parquet)
    for (const auto& column : sheet.columns) columns_.emplace_back(column.kind);
}

void Block::separate() {
  if (at_ >= sheet_->columns.size()) throw Error(ErrorKind::bug, "too many cells in a row of " + sheet_->path);
  if (at_ > 0) bytes_.push_back(sheet_->separator);
}

Block& Block::text(std::string_view value) {
  if (value.empty()) return blank();
  if (sheet_->form == SheetForm::parquet) return columns_[at_++].text(value), *this;
  separate();
  ++at_;
  if (!needs_quotes(value, sheet_->separator)) return bytes_.append(value), *this;
  bytes_.push_back('"');
  for (const char c : value) {
    if (c == '"') bytes_.push_back('"');
    bytes_.push_back(c);
  }
  bytes_.push_back('"');
  return *this;
}

Block& Block::date(Date value) {
  if (sheet_->form == SheetForm::parquet) return columns_[at_++].date(value.days), *this;
  separate();
  ++at_;
  bytes_.append(date_text(value, sheet_->dates));
  return *this;
}

Block& Block::whole(std::int64_t value) {
  if (sheet_->form == SheetForm::parquet) return columns_[at_++].whole(value), *this;
  separate();
  ++at_;
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  bytes_.append(buffer, static_cast<std::size_t>(end - buffer));
  return *this;
}

Block& Block::decimal(double value, int places) {
  constexpr std::array<double, 5> scale = {1, 10, 100, 1000, 10000};
  const double rounded = std::round(value * scale[static_cast<std::size_t>(places)]) / scale[static_cast<std::size_t>(places)];
  if (sheet_->form == SheetForm::parquet) return columns_[at_++].decimal(rounded), *this;
  separate();
  ++at_;
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, rounded, std::chars_format::fixed, places).ptr;
  bytes_.append(buffer, static_cast<std::size_t>(end - buffer));
  return *this;
}

Block& Block::blank() {
  if (sheet_->form == SheetForm::parquet) return columns_[at_++].blank(), *this;
  separate();
  ++at_;
  return *this;
}

Block& Block::not_a_date(std::string_view value) { return sheet_->form == SheetForm::parquet ? blank() : text(value); }

void Block::end() {
  if (at_ != sheet_->columns.size()) throw Error(ErrorKind::bug, "too few cells in a row of " + sheet_->path);
  at_ = 0;
  ++rows_;
  if (sheet_->form == SheetForm::parquet) return;
  bytes_.append("\r\n");
  row_start_ = last_row_end_;
  last_row_end_ = bytes_.size();
}

void Block::line(std::string_view value) {
  bytes_.append(value);
  bytes_.push_back('\n');
  ++rows_;
}

bool Block::break_quoting() {
  if (sheet_->form != SheetForm::csv || rows_ == 0) return false;
  const std::size_t cell = bytes_.find_last_of(sheet_->separator, bytes_.size());
  if (cell == std::string::npos || cell < row_start_) return false;
  bytes_.resize(bytes_.size() - 2);
  bytes_.insert(cell + 1, "\"said \"call back\" to ");
  bytes_.append("\"\r\n");
  last_row_end_ = bytes_.size();
  return true;
}

bool Block::write_in_windows_1252() {
  if (sheet_->form != SheetForm::csv || rows_ == 0) return false;
  std::string damaged;
  bool any = false;
  for (std::size_t i = row_start_; i < bytes_.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes_[i]);
    if ((byte == 0xc2 || byte == 0xc3) && i + 1 < bytes_.size()) {  // U+0080 to U+00FF: one byte in Windows-1252
      const auto next = static_cast<unsigned char>(bytes_[++i]);
      damaged.push_back(static_cast<char>(byte == 0xc3 ? next + 0x40 : next));
      any = true;
    } else {
      damaged.push_back(bytes_[i]);
    }
  }
  if (any) bytes_.replace(row_start_, std::string::npos, damaged), last_row_end_ = bytes_.size();
  return any;
}

Outlet::Outlet(const std::filesystem::path& folder, const Sheet& sheet) : sheet_(&sheet) {
  path_ = folder / (sheet.path + (sheet.form == SheetForm::csv ? ".csv" : sheet.form == SheetForm::parquet ? ".parquet" : ""));
  std::filesystem::create_directories(path_.parent_path());
  file_ = std::fopen(path_.c_str(), "wb");
  if (!file_) refuse(path_);
  std::setvbuf(file_, nullptr, _IOFBF, 1 << 20);
  if (sheet.form == SheetForm::parquet) put(parquet_magic);
  if (sheet.form != SheetForm::csv) return;
  std::string header;
  for (const auto& column : sheet.columns) {
    if (!header.empty()) header.push_back(sheet.separator);
    header.append(column.name);
  }
  put(header + "\r\n");
}

Outlet::~Outlet() {
  if (file_) std::fclose(file_);
}

Outlet::Outlet(Outlet&& other) noexcept
    : sheet_(other.sheet_),
      path_(std::move(other.path_)),
      file_(std::exchange(other.file_, nullptr)),
      rows_(other.rows_),
      bytes_(other.bytes_),
      groups_(std::move(other.groups_)),
      group_offsets_(std::move(other.group_offsets_)) {}

void Outlet::seal(Block& block, ParquetGroup& group) {
  if (block.sheet_->form != SheetForm::parquet || block.rows_ == 0) return;
  group.rows = static_cast<std::int64_t>(block.rows_);
  for (auto& column : block.columns_) column.encode_into(group);
}

void Outlet::append(const Block& block, ParquetGroup&& group) {
  if (block.rows_ == 0) return;
  rows_ += block.rows_;
  if (sheet_->form != SheetForm::parquet) return put(block.bytes_);
  group_offsets_.push_back(static_cast<std::int64_t>(bytes_));
  put(group.bytes);
  std::string().swap(group.bytes);
  groups_.push_back(std::move(group));
}

void Outlet::close() {
  if (sheet_->form == SheetForm::parquet) {
    std::vector<ParquetField> fields;
    fields.reserve(sheet_->columns.size());
    for (const auto& column : sheet_->columns) fields.push_back({column.name, column.kind});
    put(parquet_footer(fields, groups_, group_offsets_));
  }
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) refuse(path_);
}

std::string Outlet::relative_path() const {
  return sheet_->path + (sheet_->form == SheetForm::csv ? ".csv" : sheet_->form == SheetForm::parquet ? ".parquet" : "");
}

void Outlet::put(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) refuse(path_);
  bytes_ += bytes.size();
}

}  // namespace catchment::synth
