#include <fmt/core.h>

#include <fstream>

#include "base/error.h"
#include "system/system.h"

namespace catchment::system {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_line = std::size_t{64} << 10;

// Reads lines of bounded length; a longer one is cut and flagged.
class Lines {
 public:
  explicit Lines(std::istream& in) : in_(in), buffer_(std::size_t{1} << 20, '\0') {}

  bool next(std::string& line, bool& too_long) {
    line.clear();
    too_long = false;
    for (;;) {
      if (at_ == end_) {
        in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        end_ = static_cast<std::size_t>(in_.gcount());
        at_ = 0;
        if (end_ == 0) return !line.empty() || too_long;
      }
      const char c = buffer_[at_++];
      if (c == '\n') {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return true;
      }
      if (line.size() < longest_line) line += c;
      else too_long = true;
    }
  }

 private:
  std::istream& in_;
  std::string buffer_;
  std::size_t at_ = 0, end_ = 0;
};

// Cell number `wanted` of a line of the directory, which never breaks a cell over lines.
std::string cell(const std::string& line, int wanted) {
  std::string text;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) {
      if (--wanted < 0) return text;
    } else if (wanted == 0) {
      text += c;
    }
  }
  return wanted == 0 ? text : std::string();
}

int column_of(const std::string& header, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (int i = 0; i < 200; ++i) {
      std::string word = cell(header, i);
      for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (word.starts_with("\xEF\xBB\xBF")) word.erase(0, 3);
      if (word == name) return i;
    }
  }
  return -1;
}

// "202503" -> the last day of that month; nothing when the postcode is live.
std::optional<Date> ended_on(const std::string& text, bool& bad) {
  bad = false;
  if (text.empty()) return std::nullopt;
  const std::optional<Date> first = text.size() == 6 ? Date::parse(text + "01") : std::nullopt;
  bad = !first;
  return first ? std::optional<Date>(first->plus_months(1).plus_days(-1)) : std::nullopt;
}

}  // namespace

ImportedPostcodes import_postcodes(const System& system, const fs::path& directory, const fs::path& out, Progress& progress) {
  std::error_code failed;
  std::ifstream in(directory, std::ios::binary);
  if (!in || !fs::is_regular_file(directory, failed)) {
    throw Error(ErrorKind::user, fmt::format("{} cannot be read", directory.string()), "name the CSV file inside the directory's archive");
  }
  Lines lines(in);
  std::string line;
  bool too_long = false;
  if (!lines.next(line, too_long)) throw Error(ErrorKind::user, "the postcode directory is empty", "fetch it again");
  const int postcode = column_of(line, {"pcds", "pcd8", "pcd7", "pcd2", "pcd"});
  const int small_area = column_of(line, {"lsoa21", "lsoa21cd"});
  const int ended = column_of(line, {"doterm"});
  if (postcode < 0 || small_area < 0 || ended < 0) {
    throw Error(ErrorKind::user, "this is not the postcode directory: it needs the columns pcds, doterm and lsoa21",
                "name the one large CSV file of the ONS postcode directory");
  }
  fs::create_directories(out, failed);
  const fs::path path = out / "postcodes.csv", part = out / "postcodes.csv.part";
  std::ofstream written(part, std::ios::binary);
  written << "postcode,small_area,ended\n";
  ImportedPostcodes count;
  progress.step("Postcodes", 0, "rows");
  while (lines.next(line, too_long)) {
    if (line.empty() && !too_long) continue;
    ++count.read;
    if (count.read % 10'000 == 0) progress.advance(10'000);
    const std::string area = cell(line, small_area);
    if (too_long || area.empty()) {
      ++(too_long ? count.faulty : count.outside);
      continue;
    }
    if (find_small_area(system, area) == nullptr) {
      ++count.outside;
      continue;
    }
    bool bad = false;
    const std::optional<Date> end = ended_on(cell(line, ended), bad);
    const std::string normal = normal_postcode(cell(line, postcode));
    if (normal.empty() || bad) {
      ++count.faulty;
      continue;
    }
    ++count.kept;
    if (end) ++count.ended;
    written << normal << ',' << area << ',' << (end ? to_string(*end) : std::string()) << '\n';
  }
  progress.done();
  written.close();
  if (written) fs::rename(part, path, failed);
  if (!written || failed) {
    fs::remove(part, failed);
    throw Error(ErrorKind::environment, fmt::format("{} cannot be written", path.string()), "check the folder and the disk");
  }
  return count;
}

}  // namespace catchment::system
