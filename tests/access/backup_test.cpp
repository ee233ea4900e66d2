#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "access/access.h"
#include "base/error.h"
#include "db/db.h"

using namespace catchment;
using namespace catchment::access;

namespace {

namespace fs = std::filesystem;
constexpr PasswordCost cheap{64, 1};

struct Workspace {
  fs::path path;
  Workspace() {
    char name[] = "/tmp/catchment-backup-XXXXXX";
    path = mkdtemp(name);
  }
  ~Workspace() { fs::remove_all(path); }
};

/// A workspace with accounts, an audit and a key.
void fill(const fs::path& path, int accounts) {
  fs::create_directories(path / "keys");
  std::ofstream(path / "keys" / "population-health.key") << "a key of some kind";
  Accounts store(path / "authored.sqlite", cheap);
  AuditWriter audit(path / "audit.sqlite");
  for (int i = 0; i < accounts; ++i) {
    store.add({"person-" + std::to_string(i), "Person", {Role::board}, {}}, "a long enough one");
    AuditRow row;
    row.at_ms = i;
    row.account = "os:test";
    audit.append(std::span(&row, 1));
  }
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

template <typename F>
std::string fault_of(F&& f) {
  try {
    f();
  } catch (const Error& error) { return error.what(); }
  return {};
}

std::size_t accounts_in(const fs::path& workspace) { return Accounts(workspace / "authored.sqlite", cheap).all().size(); }

}  // namespace

namespace {

void publish(const fs::path& workspace, const std::string& what) {
  fs::create_directories(workspace / "measures");
  db::Sqlite database(workspace / "measures" / "published.sqlite", db::SqliteMode::create);
  database.execute("CREATE TABLE IF NOT EXISTS told (what TEXT)");
  database.prepare("INSERT INTO told VALUES (?)").bind(what).run();
}

std::string last_published(const fs::path& workspace) {
  db::Sqlite database(workspace / "measures" / "published.sqlite", db::SqliteMode::read_only);
  db::Statement rows = database.prepare("SELECT what FROM told ORDER BY rowid DESC");
  return rows.step() ? std::string(rows.text(0)) : std::string();
}

}  // namespace

TEST_CASE("a backup carries what was published, and restoring forgets nothing that was published since") {
  Workspace from, to, store;
  fill(from.path, 2);
  publish(from.path, "March");
  CHECK(back_up(from.path, store.path / "b.tar", Instant{1'775'000'000'000, 0}, "test").files.size() == 4);
  restore(store.path / "b.tar", to.path / "new", false);
  CHECK(last_published(to.path / "new") == "March");
  publish(from.path, "April");
  restore(store.path / "b.tar", from.path, true);
  CHECK(last_published(from.path) == "April");
  CHECK(accounts_in(from.path) == 2);
}

TEST_CASE("a restored backup is what was backed up: accounts, audit and keys") {
  Workspace from, to, store;
  fill(from.path, 3);
  const auto receipt = back_up(from.path, store.path / "b.tar", Instant{1'775'000'000'000, 0}, "test");
  CHECK(receipt.audit_rows == 3);
  CHECK(receipt.files.size() == 3);
  struct stat status{};
  REQUIRE(stat((store.path / "b.tar").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto restored = restore(store.path / "b.tar", to.path / "new", false);
  CHECK(restored.audit_head == receipt.audit_head);
  CHECK(accounts_in(to.path / "new") == 3);
  CHECK(Accounts(to.path / "new" / "authored.sqlite", cheap).sign_in("person-1", "a long enough one"));
  CHECK(verify_audit(to.path / "new" / "audit.sqlite", receipt.audit_head).whole());
  CHECK(bytes_of(to.path / "new" / "keys" / "population-health.key") == "a key of some kind");
  REQUIRE(stat((to.path / "new" / "authored.sqlite").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("an ordinary tar program reads a backup") {
  Workspace from, store;
  fill(from.path, 1);
  back_up(from.path, store.path / "b.tar", Instant{1'775'000'000'000, 0}, "test");
  const std::string command = "tar -tf " + (store.path / "b.tar").string() + " > " + (store.path / "list").string() + " 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(bytes_of(store.path / "list") == "backup.json\nauthored.sqlite\naudit.sqlite\nkeys/population-health.key\n");
}

TEST_CASE("a backup is taken while accounts are being added, and holds a whole state") {
  Workspace from, to, store;
  fill(from.path, 1);
  Accounts accounts(from.path / "authored.sqlite", cheap);
  std::atomic<bool> stop{false};
  std::thread adding([&] {
    for (int i = 0; !stop && i < 500; ++i) accounts.add({"more-" + std::to_string(i), "More", {Role::board}, {}}, "a long enough one");
  });
  back_up(from.path, store.path / "b.tar", Instant{}, "test");
  stop = true;
  adding.join();
  restore(store.path / "b.tar", to.path / "new", false);
  for (const auto& account : Accounts(to.path / "new" / "authored.sqlite", cheap).all())
    CHECK(account.roles.size() == 1);  // each with its role: one transaction
}

TEST_CASE("a damaged backup changes nothing, wherever the damage is") {
  Workspace from, to, store;
  fill(from.path, 2);
  fill(to.path, 5);
  back_up(from.path, store.path / "b.tar", Instant{}, "test");
  const std::string whole = bytes_of(store.path / "b.tar");
  for (std::size_t at = 0; at < whole.size() - 1024; at += whole.size() / 40) {
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ 0x55);
    std::ofstream(store.path / "bad.tar", std::ios::binary) << altered;
    const auto fault = fault_of([&] { restore(store.path / "bad.tar", to.path, true); });
    const bool in_padding = fault.empty();  // a byte between members may change without harm
    if (!in_padding) CHECK(accounts_in(to.path) == 5);
    else {
      CHECK(accounts_in(to.path) == 2);
      fs::remove_all(to.path);
      fill(to.path, 5);
    }
  }
  for (const std::size_t length : {std::size_t{0}, std::size_t{100}, std::size_t{512}, whole.size() / 2, whole.size() - 1025}) {
    std::ofstream(store.path / "short.tar", std::ios::binary) << whole.substr(0, length);
    CHECK_FALSE(fault_of([&] { restore(store.path / "short.tar", to.path, true); }).empty());
    CHECK(accounts_in(to.path) == 5);
  }
  CHECK_FALSE(fault_of([&] { restore(store.path / "absent.tar", to.path, true); }).empty());
  CHECK_FALSE(fault_of([&] { restore(store.path, to.path, true); }).empty());
}

TEST_CASE("a backup whose names lead out of the workspace is refused") {
  Workspace from, to, store;
  fill(from.path, 1);
  back_up(from.path, store.path / "b.tar", Instant{}, "test");
  std::string bytes = bytes_of(store.path / "b.tar");
  for (std::size_t at = bytes.find("keys/population-health.key"); at != std::string::npos; at = bytes.find("keys/population-health.key"))
    bytes.replace(at, 26, "../../../etc/cron.d/evil.kk");
  bytes.resize(bytes.size() / 512 * 512);
  std::ofstream(store.path / "evil.tar", std::ios::binary) << bytes;
  CHECK_FALSE(fault_of([&] { restore(store.path / "evil.tar", to.path / "new", false); }).empty());
  CHECK_FALSE(fs::exists(to.path / "new" / "authored.sqlite"));
}

TEST_CASE("what is there is kept unless replacing is asked for, and then set aside") {
  Workspace from, to, store;
  fill(from.path, 2);
  fill(to.path, 5);
  back_up(from.path, store.path / "b.tar", Instant{}, "test");
  CHECK(fault_of([&] { restore(store.path / "b.tar", to.path, false); }) == "the workspace has authored data");
  CHECK(accounts_in(to.path) == 5);
  restore(store.path / "b.tar", to.path, true);
  CHECK(accounts_in(to.path) == 2);
  CHECK(accounts_in(to.path / "before-restore-1") == 5);
}

TEST_CASE("a workspace that is served is not restored over") {
  Workspace from, store;
  fill(from.path, 1);
  back_up(from.path, store.path / "b.tar", Instant{}, "test");
  const WorkspaceLock serving(from.path);
  CHECK(fault_of([&] { restore(store.path / "b.tar", from.path, true); }).find("served") != std::string::npos);
}

TEST_CASE("killed at any moment, a backup is whole or absent and a restore can be done again") {
  Workspace from, store, to;
  fill(from.path, 4);
  back_up(from.path, store.path / "good.tar", Instant{}, "test");
  for (int round = 0; round < 30; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < 1000; ++i) {
        back_up(from.path, store.path / "b.tar", Instant{}, "test");
        restore(store.path / "good.tar", to.path, true);
      }
      _exit(0);
    }
    usleep(static_cast<useconds_t>(500 + round * 1700));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    if (fs::exists(store.path / "b.tar")) {
      Workspace check;
      CHECK_NOTHROW(restore(store.path / "b.tar", check.path, false));
      CHECK(accounts_in(check.path) == 4);
    }
    // Either the workspace is whole, or it says that a restore is unfinished and another restore mends it.
    if (restore_unfinished(to.path) || !fs::exists(to.path / "authored.sqlite")) CHECK_NOTHROW(restore(store.path / "good.tar", to.path, false));
    CHECK(accounts_in(to.path) == 4);
    CHECK(verify_audit(to.path / "audit.sqlite").whole());
    CHECK_FALSE(restore_unfinished(to.path));
    for (const auto& entry : fs::directory_iterator(to.path))
      if (entry.path().filename().string().starts_with("before-restore-")) fs::remove_all(entry.path());
  }
}
