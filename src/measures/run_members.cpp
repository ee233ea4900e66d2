#include "measures/run_members.h"

#include <fmt/core.h>

#include <array>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/hash.h"

namespace catchment::measures {

namespace {

constexpr std::string_view mark = "catchment members 1\n";
constexpr std::size_t most_bytes = std::size_t{1} << 30;

void put(std::string& out, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>((number >> shift) & 0xff);
}

bool take(std::string_view& in, std::uint64_t& number) {
  if (in.size() < 8) return false;
  number = 0;
  for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{static_cast<unsigned char>(in[i])} << (8 * i);
  in.remove_prefix(8);
  return true;
}

bool take_set(std::string_view& in, PersonSet& set) {
  std::uint64_t size = 0;
  if (!take(in, size) || size > in.size()) return false;
  auto read = PersonSet::from_bytes(in.substr(0, size));
  if (!read) return false;
  set = std::move(*read);
  in.remove_prefix(size);
  return true;
}

std::string head_of(const MembersKey& key) { return fmt::format("{}{}\n{}\n{}\n{}\n", mark, key.content_hash, key.measure, key.version, to_string(key.month)); }

}  // namespace

std::uint64_t MonthMembers::events() const {
  std::uint64_t total = numerator.count();
  for (const auto& [place, events] : more) total += events - 1;
  return total;
}

std::filesystem::path MembersStore::file_of(const MembersKey& key) const {
  return folder_ / key.content_hash.substr(0, 16) / key.measure / fmt::format("{}-{}.members", to_string(key.month).substr(0, 7), key.version);
}

bool MembersStore::has(const MembersKey& key) const {
  std::error_code failed;
  return std::filesystem::is_regular_file(file_of(key), failed);
}

std::optional<MonthMembers> MembersStore::read(const MembersKey& key) const {
  std::ifstream in(file_of(key), std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  const std::string whole = std::move(bytes).str();
  const std::string head = head_of(key);
  if (whole.size() > most_bytes || whole.size() < head.size() + 32 || !whole.starts_with(head)) return std::nullopt;
  const Digest digest = sha256(std::string_view(whole).substr(0, whole.size() - 32));
  if (std::string_view(reinterpret_cast<const char*>(digest.data()), 32) != std::string_view(whole).substr(whole.size() - 32)) return std::nullopt;
  std::string_view rest = std::string_view(whole).substr(head.size(), whole.size() - head.size() - 32);
  MonthMembers members;
  std::uint64_t count = 0;
  if (!take_set(rest, members.denominator) || !take_set(rest, members.excluded) || !take_set(rest, members.numerator)) return std::nullopt;
  if (!take(rest, members.errors) || !take(rest, count) || count != rest.size() / 16) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t place = 0, events = 0;
    if (!take(rest, place) || !take(rest, events)) return std::nullopt;
    members.more.emplace_back(static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(events));
  }
  return members;
}

void MembersStore::write(const MembersKey& key, MonthMembers& members) const {
  std::string text = head_of(key);
  for (PersonSet* set : {&members.denominator, &members.excluded, &members.numerator}) {
    const std::string bytes = set->bytes();
    put(text, bytes.size());
    text += bytes;
  }
  put(text, members.errors);
  put(text, members.more.size());
  for (const auto& [place, events] : members.more) put(text, place), put(text, events);
  const Digest digest = sha256(text);
  text.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  const std::filesystem::path file = file_of(key), beside = file.string() + ".new";
  std::error_code failed;
  std::filesystem::create_directories(file.parent_path(), failed);
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failed);
  {
    std::ofstream out(beside, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw Error(ErrorKind::environment, "cannot write " + beside.string(), "check the folder and its space");
  }
  std::filesystem::rename(beside, file, failed);
  if (failed) throw Error(ErrorKind::environment, "cannot write " + file.string(), "check the folder and its space");
}

}  // namespace catchment::measures
