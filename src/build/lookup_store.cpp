#include "build/lookup_store.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.h"
#include "build/link_basis_store.h"
#include "build/packed_bytes.h"
#include "build/queue_reader.h"
#include "build/sql.h"
#include "db/db.h"

namespace catchment::build {

namespace {

constexpr std::string_view lookup_format = "1";
constexpr std::size_t keys_a_bucket = 256;

[[noreturn]] void damaged_lookup() {
  throw Error(ErrorKind::environment, "lookup.sqlite is damaged", "build the snapshot again: catchment build --workspace DIR");
}

/// The first bits of keys, so that a bucket holds a few hundred of the fullest rule.
unsigned bucket_bits(const std::vector<std::vector<std::uint64_t>>& keys) {
  std::size_t most = 0;
  for (const auto& rule : keys) most = std::max(most, rule.size());
  return std::min(24U, static_cast<unsigned>(std::bit_width(most / keys_a_bucket)));
}

std::int64_t bucket_of(std::uint64_t rule, std::uint64_t key, unsigned bits) { return static_cast<std::int64_t>((rule << 32) | (key >> (32 - bits))); }

void write_about(db::Sqlite& database, const linkage::LookupKept& kept, const ModelTexts& texts, unsigned bits) {
  const linkage::LookupBasis& basis = kept.basis;
  db::Statement add = database.prepare(sql::lookup_about_add);
  const auto about = [&add](std::string_view name, std::string_view value) { add.bind(name).bind_blob(value).run(); };
  if (texts.model) about("model", *texts.model);
  if (texts.nicknames) about("nicknames", *texts.nicknames);
  about("trained", basis.trained);
  std::string numbers;
  put(numbers, basis.counts.unknown), put(numbers, bits);
  about("numbers", numbers);
  for (const auto& [name, bytes] : bytes_of(basis.counts)) about(name, bytes);
  std::string superseded, nobodys;
  for (const linkage::SupersededNumber& one : basis.superseded) put(superseded, one.old_number.digits), put(superseded, one.current.digits);
  for (const std::uint64_t number : basis.nobodys) put(nobodys, number);
  about("superseded", superseded);
  about("nobodys", nobodys);
}

void write_keys(db::Sqlite& database, const std::vector<std::vector<std::uint64_t>>& keys, unsigned bits) {
  db::Statement add = database.prepare(sql::lookup_key_add);
  for (std::size_t rule = 0; rule < keys.size(); ++rule) {
    const std::vector<std::uint64_t>& all = keys[rule];
    for (std::size_t from = 0, to = 0; from < all.size(); from = to) {
      const std::int64_t bucket = bucket_of(rule, all[from] >> 32, bits);
      while (to < all.size() && bucket_of(rule, all[to] >> 32, bits) == bucket) ++to;
      add.bind(bucket).bind_blob({reinterpret_cast<const char*>(all.data() + from), (to - from) * sizeof(std::uint64_t)}).run();
    }
  }
}

std::optional<linkage::Model> definition_of(const NamedBytes& about) {
  const auto text = about.find("model");
  if (text == about.end()) return {};
  Diagnostics faults;
  linkage::Model model = linkage::read_model(text->second, "the snapshot's linkage model", faults).model;
  if (has_errors(faults)) damaged_lookup();
  const auto nicknames = about.find("nicknames");
  if (nicknames != about.end()) model.nicknames = std::make_shared<const linkage::Nicknames>(linkage::Nicknames::read(nicknames->second));
  return model;
}

linkage::LookupBasis basis_of(NamedBytes& about, unsigned& bits) try {
  linkage::LookupBasis out;
  out.trained = std::move(about["trained"]);
  out.counts = counts_of(about);
  std::string_view numbers = about["numbers"], nobodys = about["nobodys"];
  out.counts.unknown = take<double>(numbers);
  bits = take<unsigned>(numbers);
  if (bits > 24) damaged_lookup();
  for (const auto& [old_number, current] : pairs_of<std::uint64_t, std::uint64_t>(about["superseded"]))
    out.superseded.push_back({NhsNumber{old_number}, NhsNumber{current}});
  while (!nobodys.empty()) out.nobodys.push_back(take<std::uint64_t>(nobodys));
  return out;
} catch (const DamagedBytes&) { damaged_lookup(); }

NamedBytes read_about(db::Sqlite& database) {
  NamedBytes about;
  db::Statement read = database.prepare(sql::lookup_about_read);
  while (read.step()) about.emplace(read.text(0), read.blob(1));
  if (about["format"] != lookup_format)
    throw Error(ErrorKind::environment, "lookup.sqlite has a format this program does not read", "build the snapshot again: catchment build --workspace DIR");
  if (about.contains("too few"))
    throw Error(ErrorKind::user, "the snapshot knows fewer than 200 people by an NHS number: too few to say how alike strangers are",
                "look them up by hand: catchment explain person");
  return about;
}

db::Sqlite open_lookup(const std::filesystem::path& snapshot) {
  if (!std::filesystem::exists(lookup_file(snapshot)))
    throw Error(ErrorKind::user, "the snapshot was built before people could be looked up in it", "build it again: catchment build --workspace DIR");
  return db::Sqlite(lookup_file(snapshot), db::SqliteMode::read_only);
}

}  // namespace

std::filesystem::path lookup_file(const std::filesystem::path& snapshot) { return snapshot / "lookup.sqlite"; }

void write_lookup(const std::filesystem::path& file, const std::optional<linkage::LookupKept>& kept, const ModelTexts& texts) {
  std::filesystem::remove(file);
  db::Sqlite database(file, db::SqliteMode::create);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  // Nobody reads the file before it is complete, and a build that dies throws it away.
  database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192; VACUUM");
  for (const auto statement : {sql::lookup_about, sql::lookup_key, sql::lookup_person}) database.execute(statement);
  database.execute("BEGIN");
  database.prepare(sql::lookup_about_add).bind("format").bind_blob(lookup_format).run();
  if (!kept) {
    database.prepare(sql::lookup_about_add).bind("too few").bind_blob("").run();
  } else {
    const unsigned bits = bucket_bits(kept->keys);
    write_about(database, *kept, texts, bits);
    write_keys(database, kept->keys, bits);
    db::Statement add = database.prepare(sql::lookup_person_add);
    for (std::size_t place = 0; place < kept->persons(); ++place) add.bind(static_cast<std::int64_t>(place)).bind_blob(kept->person(place)).run();
  }
  database.execute("COMMIT");
}

struct PersonFinder::State {
  explicit State(const std::filesystem::path& snapshot) : database(open_lookup(snapshot)) {
    database.execute("PRAGMA mmap_size = 1099511627776");
    NamedBytes about = read_about(database);
    linkage::LookupBasis basis = basis_of(about, bits);
    lookup.emplace(definition_of(about), std::move(basis));
    read_keys.emplace(database.prepare(sql::lookup_key_read));
    read_person.emplace(database.prepare(sql::lookup_person_read));
  }

  /// Places of the persons that hold a key.
  void places(const linkage::LookupKey& wanted, std::vector<std::uint32_t>& out) {
    read_keys->reset();
    if (!read_keys->bind(bucket_of(wanted.rule, wanted.key, bits)).step()) return;
    const std::string_view bytes = read_keys->blob(0);
    std::vector<std::uint64_t> keys(bytes.size() / sizeof(std::uint64_t));
    std::memcpy(keys.data(), bytes.data(), keys.size() * sizeof(std::uint64_t));
    const std::uint64_t first = static_cast<std::uint64_t>(wanted.key) << 32;
    for (auto at = std::lower_bound(keys.begin(), keys.end(), first); at != keys.end() && *at >> 32 == wanted.key; ++at)
      out.push_back(static_cast<std::uint32_t>(*at));
  }

  std::vector<std::string> people(const std::vector<linkage::LookupKey>& keys) {
    std::vector<std::uint32_t> wanted;
    for (const linkage::LookupKey& key : keys) places(key, wanted);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::vector<std::string> out;
    out.reserve(wanted.size());
    for (const std::uint32_t place : wanted) {
      read_person->reset();
      if (!read_person->bind(static_cast<std::int64_t>(place)).step()) damaged_lookup();
      out.emplace_back(read_person->blob(0));
    }
    return out;
  }

  db::Sqlite database;
  unsigned bits = 0;
  std::optional<linkage::Lookup> lookup;
  std::optional<db::Statement> read_keys, read_person;
};

PersonFinder::PersonFinder(const std::filesystem::path& snapshot) : state_(std::make_unique<State>(snapshot)) {}
PersonFinder::~PersonFinder() = default;

linkage::LookupAnswer PersonFinder::find(const linkage::IdentityTable& details, const records::RowFilter& filter) {
  if (!sees_queue(filter)) return {};
  return state_->lookup->find(details, [this](const std::vector<linkage::LookupKey>& keys) { return state_->people(keys); });
}

}  // namespace catchment::build
