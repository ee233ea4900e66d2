// Accounts: who may sign in, kept in authored.sqlite with Argon2id passwords.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/subject.h"
#include "base/clock.h"

namespace catchment::access {

struct Account {
  std::string name;          // lower case letters, digits, '.', '-', '_'
  std::string display_name;
  std::vector<Role> roles;
  std::vector<std::string> places;
  bool demonstration = false;  // made for a synthetic workspace; not accepted anywhere else
  bool closed = false;
};

inline constexpr std::size_t shortest_password = 12;
inline constexpr std::size_t longest_password = 200;

/// Cost of a password. Set lower only by tests.
struct PasswordCost {
  unsigned memory_kib = 19456;  // OWASP password storage: 19 MiB, 2 passes, 1 lane
  unsigned passes = 2;
};

/// The text that is stored: "$argon2id$v=19$...".
std::string password_seal(std::string_view password, PasswordCost cost = {});
bool password_matches(std::string_view seal, std::string_view password);

/// Safe from several threads; one connection, one call at a time.
class Accounts {
 public:
  /// Opens authored.sqlite (creates it, mode 0600) and brings the tables of accounts up to date.
  explicit Accounts(const std::filesystem::path& file, PasswordCost cost = {});
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  /// Throws Error(user) when the name is taken, malformed, or the password too short or too like the name.
  void add(const Account& account, std::string_view password);
  void set_password(std::string_view name, std::string_view password);
  void close(std::string_view name);
  std::optional<Account> find(std::string_view name);
  std::vector<Account> all();

  /// The account when the password is right and the account open. Takes as long for a name that does not exist.
  std::optional<Account> sign_in(std::string_view name, std::string_view password);

 private:
  struct Store;
  std::mutex mutex_;
  std::unique_ptr<Store> store_;
  PasswordCost cost_;
  std::string nobody_;  // a seal to compare with when there is no such account
};

/// Slows guessing: after a few failures for one name or from one address, attempts wait, each time longer.
/// Kept in memory, bounded; safe from several threads.
class AttemptLimiter {
 public:
  struct Limits {
    int free_for_name = 5;
    int free_for_address = 20;
    std::int64_t first_wait_ms = 2'000;
    std::int64_t longest_wait_ms = 15 * 60'000;
    std::int64_t forget_after_ms = 60 * 60'000;
    std::size_t remembered = 20'000;
  };
  AttemptLimiter() : AttemptLimiter(Limits{}) {}
  explicit AttemptLimiter(Limits limits) : limits_(limits) {}

  /// Milliseconds to wait before this attempt may be made; 0 = now.
  std::int64_t wait_ms(const std::string& name, const std::string& address, std::int64_t now_ms);
  void failed(const std::string& name, const std::string& address, std::int64_t now_ms);
  void succeeded(const std::string& name, const std::string& address);

 private:
  struct Count {
    int failures = 0;
    std::int64_t last_ms = 0;
    std::int64_t open_at_ms = 0;
  };
  void count(const std::string& key, int free, std::int64_t now_ms);
  void make_room(std::int64_t now_ms);
  Limits limits_;
  std::mutex mutex_;
  std::map<std::string, Count> counts_;
};

}  // namespace catchment::access
