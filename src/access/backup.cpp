#include "access/backup.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "access/audit.h"
#include "access/secret.h"
#include "access/tar.h"
#include "base/error.h"
#include "base/hash.h"
#include "db/db.h"
#include "json/json.h"

namespace catchment::access {

namespace {

namespace fs = std::filesystem;
constexpr const char* unfinished_mark = "restore-unfinished";
constexpr std::uint64_t largest_manifest = 1 << 20;

void to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw Error(ErrorKind::environment, path.filename().string() + " could not be opened");
  const int code = ::fsync(descriptor);
  ::close(descriptor);
  if (code != 0) throw Error(ErrorKind::environment, path.filename().string() + " could not be brought to disk");
}

/// Reads a file part by part.
class Parts {
 public:
  explicit Parts(const fs::path& file) : in_(file, std::ios::binary) {}
  std::string_view operator()() {
    buffer_.resize(1 << 20);
    in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    return {buffer_.data(), static_cast<std::size_t>(in_.gcount())};
  }

 private:
  std::ifstream in_;
  std::string buffer_;
};

BackupFile described(const fs::path& file, std::string name) {
  Sha256 hash;
  Parts parts(file);
  BackupFile described{std::move(name), 0, {}};
  for (std::string_view part = parts(); !part.empty(); part = parts()) {
    hash.add(part);
    described.bytes += part.size();
  }
  described.sha256 = to_hex(hash.finish());
  return described;
}

std::string manifest_text(const BackupReceipt& receipt) {
  json::Writer out;
  out.begin_object().key("format").integer(backup_format).key("product").string("catchment").key("product_version").string(receipt.product_version);
  out.key("made_at").string(to_string(receipt.made_at)).key("audit_head").string(receipt.audit_head).key("audit_rows").integer(receipt.audit_rows);
  out.key("files").begin_array();
  for (const auto& file : receipt.files)
    out.begin_object().key("name").string(file.name).key("bytes").integer(static_cast<std::int64_t>(file.bytes)).key("sha256").string(file.sha256).end_object();
  out.end_array().end_object();
  return out.take() + "\n";
}

[[noreturn]] void damaged(const std::string& what) { throw Error(ErrorKind::user, "the backup is damaged: " + what, "use another copy; nothing was changed"); }

constexpr const char* published = "published.sqlite";
/// What has been published stands among the figures, which are not in a backup.
fs::path place_of(const fs::path& workspace, const std::string& name) { return name == published ? workspace / "measures" / published : workspace / name; }

bool allowed_name(std::string_view name) {
  if (name == "authored.sqlite" || name == "audit.sqlite" || name == published) return true;
  if (!name.starts_with("keys/")) return false;
  name.remove_prefix(5);
  return !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

BackupReceipt read_manifest(TarReader& archive) {
  const auto member = archive.next();
  if (!member || member->name != "backup.json" || member->bytes > largest_manifest) damaged("it does not begin with backup.json");
  std::string text;
  for (std::string_view part = archive.part(); !part.empty(); part = archive.part()) text += part;
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(text, fault);
  if (!document) damaged("backup.json is not JSON");
  const json::Value root = document->root();
  if (root["format"].integer() != backup_format)
    throw Error(ErrorKind::user, "this backup has a format this program does not read", "use the catchment that wrote it, or a newer one");
  BackupReceipt receipt;
  receipt.product_version = root["product_version"].string();
  if (const auto at = Instant::parse(root["made_at"].string())) receipt.made_at = *at;
  receipt.audit_head = root["audit_head"].string();
  receipt.audit_rows = root["audit_rows"].integer().value_or(0);
  for (const json::Value file : root["files"]) {
    const auto bytes = file["bytes"].integer();
    if (!allowed_name(file["name"].string()) || !bytes || *bytes < 0) damaged("backup.json names a file that is not ours");
    receipt.files.push_back({std::string(file["name"].string()), static_cast<std::uint64_t>(*bytes), std::string(file["sha256"].string())});
  }
  return receipt;
}

/// Writes every member under `folder`, checking it against the manifest.
void unpack(TarReader& archive, const BackupReceipt& receipt, const fs::path& folder) {
  fs::create_directory(folder / "keys");
  fs::permissions(folder / "keys", fs::perms::owner_all);
  std::size_t at = 0;
  while (const auto member = archive.next()) {
    if (at >= receipt.files.size() || member->name != receipt.files[at].name || member->bytes != receipt.files[at].bytes)
      damaged("a member is not the one backup.json names");
    const fs::path target = folder / member->name;
    make_private_file(target);
    Sha256 hash;
    std::ofstream out(target, std::ios::binary | std::ios::trunc);
    for (std::string_view part = archive.part(); !part.empty(); part = archive.part()) {
      hash.add(part);
      out.write(part.data(), static_cast<std::streamsize>(part.size()));
    }
    out.close();
    if (!out) throw Error(ErrorKind::environment, "a restored file could not be written", "free space and try again; nothing was changed");
    if (to_hex(hash.finish()) != receipt.files[at].sha256) damaged(member->name + " does not have the content backup.json says");
    to_disk(target);
    ++at;
  }
  if (at != receipt.files.size()) damaged("a member is missing");
  for (const char* needed : {"authored.sqlite", "audit.sqlite"})
    if (!fs::exists(folder / needed)) damaged(std::string(needed) + " is missing");
}

fs::path new_folder(const fs::path& workspace, const std::string& stem) {
  for (int number = 1; number < 10'000; ++number) {
    const fs::path folder = workspace / (stem + std::to_string(number));
    if (fs::create_directory(folder)) {
      fs::permissions(folder, fs::perms::owner_all);
      return folder;
    }
  }
  throw Error(ErrorKind::environment, "there are too many old restores in the workspace", "remove those no longer needed");
}

}  // namespace

BackupReceipt back_up(const fs::path& workspace, const fs::path& file, Instant now, const std::string& product_version) {
  if (!fs::exists(workspace / "authored.sqlite"))
    throw Error(ErrorKind::user, "there is nothing to back up: the workspace has no authored data", "check --workspace");
  const fs::path partial = file.string() + ".partial";
  std::error_code ignored;
  fs::remove(partial, ignored);
  const fs::path copies = new_folder(workspace, "backing-up-");
  struct Cleaner {
    const fs::path& folder;
    const fs::path& partial;
    ~Cleaner() {
      std::error_code quiet;
      fs::remove_all(folder, quiet);
      fs::remove(partial, quiet);
    }
  } cleaner{copies, partial};

  BackupReceipt receipt;
  receipt.made_at = now;
  receipt.product_version = product_version;
  // The audit is copied last: it then covers at least everything the authored data hold.
  for (const char* name : {"authored.sqlite", published, "audit.sqlite"}) {
    if (!fs::exists(place_of(workspace, name))) continue;
    db::Sqlite(place_of(workspace, name), db::SqliteMode::read_write).backup_to(copies / name);
    receipt.files.push_back(described(copies / name, name));
  }
  if (!fs::exists(copies / "audit.sqlite"))
    throw Error(ErrorKind::environment, "the workspace has no audit", "it was removed by hand; restore it from an earlier backup");
  const AuditCheck check = verify_audit(copies / "audit.sqlite");
  if (!check.whole())
    throw Error(ErrorKind::environment, "the audit is broken: " + check.what, "run catchment audit verify and find out why before making a backup");
  receipt.audit_head = check.head;
  receipt.audit_rows = check.rows;
  std::vector<fs::path> keys;
  if (fs::is_directory(workspace / "keys"))
    for (const auto& entry : fs::directory_iterator(workspace / "keys"))
      if (entry.is_regular_file() && allowed_name("keys/" + entry.path().filename().string())) keys.push_back(entry.path());
  std::sort(keys.begin(), keys.end());
  for (const auto& key : keys) receipt.files.push_back(described(key, "keys/" + key.filename().string()));

  {
    TarWriter archive(partial);
    const std::string manifest = manifest_text(receipt);
    bool given = false;
    archive.add("backup.json", manifest.size(), now.utc_ms / 1000,
                [&] { return std::exchange(given, true) ? std::string_view{} : std::string_view(manifest); });
    for (const auto& each : receipt.files) {
      Parts parts(each.name.starts_with("keys/") ? workspace / each.name : copies / each.name);
      archive.add(each.name, each.bytes, now.utc_ms / 1000, [&] { return parts(); });
    }
    archive.finish();
  }
  fs::rename(partial, file);
  to_disk(fs::absolute(file).parent_path());
  return receipt;
}

BackupReceipt restore(const fs::path& file, const fs::path& workspace, bool replace) {
  fs::create_directories(workspace);
  const WorkspaceLock lock(workspace);
  const bool resumed = restore_unfinished(workspace);
  if (fs::exists(workspace / "authored.sqlite") && !replace && !resumed)
    throw Error(ErrorKind::user, "the workspace has authored data", "give an empty workspace, or --replace to set what is there aside");
  const fs::path staged = new_folder(workspace, "restoring-");
  BackupReceipt receipt;
  try {
    TarReader archive(file);
    receipt = read_manifest(archive);
    unpack(archive, receipt, staged);
    const AuditCheck check = verify_audit(staged / "audit.sqlite", receipt.audit_head);
    if (!check.whole()) damaged("its audit is broken: " + check.what);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(staged, ignored);
    throw;
  }
  // From here on nothing can be wrong with the backup; the mark says that the workspace is between two states.
  make_private_file(workspace / unfinished_mark);
  to_disk(workspace);
  fs::path aside;
  for (const char* name : {"authored.sqlite", "authored.sqlite-wal", "authored.sqlite-shm", "audit.sqlite", "audit.sqlite-wal", "audit.sqlite-shm", "keys"}) {
    if (!fs::exists(workspace / name)) continue;
    if (aside.empty()) aside = new_folder(workspace, "before-restore-");
    fs::rename(workspace / name, aside / name);
  }
  // What this workspace has published since cannot be taken back: a newer memory of it stays.
  if (fs::exists(staged / published) && !fs::exists(place_of(workspace, published))) {
    fs::create_directories(workspace / "measures");
    fs::rename(staged / published, place_of(workspace, published));
    to_disk(workspace / "measures");
  }
  for (const char* name : {"audit.sqlite", "keys", "authored.sqlite"}) fs::rename(staged / name, workspace / name);
  to_disk(workspace);
  fs::remove(workspace / unfinished_mark);
  to_disk(workspace);
  for (const auto& entry : fs::directory_iterator(workspace))
    if (entry.path().filename().string().starts_with("restoring-")) fs::remove_all(entry.path());
  return receipt;
}

bool restore_unfinished(const fs::path& workspace) { return fs::exists(workspace / unfinished_mark); }

WorkspaceLock::WorkspaceLock(const fs::path& workspace) {
  const fs::path file = workspace / "serving.lock";
  descriptor_ = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor_ < 0)
    throw Error(ErrorKind::environment, std::string("the workspace cannot be locked: ") + std::strerror(errno), "check that it exists and may be written");
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(ErrorKind::environment, "the workspace is being served or restored by another process", "stop that one first");
  }
}

WorkspaceLock::~WorkspaceLock() { ::close(descriptor_); }

}  // namespace catchment::access
