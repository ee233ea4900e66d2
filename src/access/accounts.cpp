#include "access/accounts.h"

#include <fmt/core.h>

#include <algorithm>

#include "access/secret.h"
#include "access/sql.h"
#include "base/error.h"
#include "db/db.h"

namespace catchment::access {

namespace {

void check_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= 64 &&
      std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; });
  if (!good) throw Error(ErrorKind::user, "this is not a name for an account", "use up to 64 lower case letters, digits, '.', '-' and '_'");
}

void check_password(std::string_view name, std::string_view password) {
  if (password.size() < shortest_password || password.size() > longest_password)
    throw Error(ErrorKind::user, fmt::format("a password has {} to {} characters", shortest_password, longest_password),
                "choose a longer one, for example four words");
  if (password.find(name) != std::string_view::npos && name.size() >= 4)
    throw Error(ErrorKind::user, "the password holds the account's name", "choose one that does not");
  if (std::all_of(password.begin(), password.end(), [&](char c) { return c == password[0]; }))
    throw Error(ErrorKind::user, "the password is one character over and over", "choose another");
}

}  // namespace

struct Accounts::Store {
  db::Sqlite database;
};

Accounts::Accounts(const std::filesystem::path& file, PasswordCost cost) : cost_(cost) {
  make_private_file(file);
  store_ = std::make_unique<Store>(Store{db::Sqlite(file, db::SqliteMode::create)});
  const std::string tables = std::string(sql::create_account) + ";" + std::string(sql::create_account_role) + ";" + std::string(sql::create_account_place);
  const db::Migration steps[] = {{1, tables}};
  db::migrate_part(store_->database, file, "access", steps);
  nobody_ = password_seal(random_bytes(16), cost_);
}
Accounts::~Accounts() = default;

void Accounts::add(const Account& account, std::string_view password) {
  check_name(account.name);
  check_password(account.name, password);
  if (account.roles.empty()) throw Error(ErrorKind::user, "an account needs a role", "give at least one");
  const std::string seal = password_seal(password, cost_);
  const std::lock_guard lock(mutex_);
  auto& database = store_->database;
  db::Transaction transaction(database);
  db::Statement there = database.prepare(sql::account_find);
  if (there.bind(account.name).step()) throw Error(ErrorKind::user, "there is an account of that name", "choose another name");
  database.prepare(sql::account_add)
      .bind(account.name)
      .bind(account.display_name)
      .bind(seal)
      .bind(account.demonstration ? 1 : 0)
      .bind(SystemClock().now().utc_ms)
      .run();
  int position = 0;
  for (const Role role : account.roles) database.prepare(sql::account_role_add).bind(account.name).bind(to_string(role)).bind(position++).run();
  for (const auto& place : account.places) database.prepare(sql::account_place_add).bind(account.name).bind(place).run();
  transaction.commit();
}

void Accounts::set_password(std::string_view name, std::string_view password) {
  check_password(name, password);
  const std::string seal = password_seal(password, cost_);
  const std::lock_guard lock(mutex_);
  store_->database.prepare(sql::account_set_password).bind(seal).bind(name).run();
  if (store_->database.changes() == 0) throw Error(ErrorKind::user, "there is no account of that name");
}

void Accounts::close(std::string_view name) {
  const std::lock_guard lock(mutex_);
  store_->database.prepare(sql::account_close).bind(name).run();
  if (store_->database.changes() == 0) throw Error(ErrorKind::user, "there is no account of that name");
}

namespace {

std::optional<Account> read_account(db::Sqlite& database, std::string_view name, std::string& seal) {
  db::Statement row = database.prepare(sql::account_find);
  if (!row.bind(name).step()) return std::nullopt;
  Account account;
  account.name = name;
  account.display_name = row.text(0);
  seal = row.text(1);
  account.demonstration = row.integer(2) != 0;
  account.closed = row.integer(3) != 0;
  db::Statement roles = database.prepare(sql::account_roles);
  roles.bind(name);
  while (roles.step())
    if (const auto role = role_named(roles.text(0))) account.roles.push_back(*role);
  db::Statement places = database.prepare(sql::account_places);
  places.bind(name);
  while (places.step()) account.places.emplace_back(places.text(0));
  return account;
}

}  // namespace

std::optional<Account> Accounts::find(std::string_view name) {
  const std::lock_guard lock(mutex_);
  std::string seal;
  return read_account(store_->database, name, seal);
}

std::vector<Account> Accounts::all() {
  const std::lock_guard lock(mutex_);
  std::vector<Account> accounts;
  db::Statement names = store_->database.prepare(sql::account_names);
  std::string seal;
  while (names.step())
    if (auto account = read_account(store_->database, std::string(names.text(0)), seal)) accounts.push_back(std::move(*account));
  return accounts;
}

std::optional<Account> Accounts::sign_in(std::string_view name, std::string_view password) {
  std::string seal;
  std::optional<Account> account;
  if (password.size() <= longest_password && name.size() <= 64) {
    const std::lock_guard lock(mutex_);
    account = read_account(store_->database, name, seal);
  }
  const bool right = password_matches(account ? seal : nobody_, password.substr(0, longest_password));
  if (!account || !right || account->closed || account->roles.empty()) return std::nullopt;
  return account;
}

std::int64_t AttemptLimiter::wait_ms(const std::string& name, const std::string& address, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  std::int64_t wait = 0;
  for (const auto& key : {"n:" + name, "a:" + address}) {
    const auto found = counts_.find(key);
    if (found != counts_.end()) wait = std::max(wait, found->second.open_at_ms - now_ms);
  }
  return wait;
}

void AttemptLimiter::failed(const std::string& name, const std::string& address, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  make_room(now_ms);
  count("n:" + name, limits_.free_for_name, now_ms);
  count("a:" + address, limits_.free_for_address, now_ms);
}

void AttemptLimiter::succeeded(const std::string& name, const std::string& address) {
  const std::lock_guard lock(mutex_);
  counts_.erase("n:" + name);
  const auto found = counts_.find("a:" + address);
  if (found != counts_.end() && found->second.failures < limits_.free_for_address) counts_.erase(found);
}

void AttemptLimiter::count(const std::string& key, int free, std::int64_t now_ms) {
  Count& count = counts_[key];
  if (now_ms - count.last_ms > limits_.forget_after_ms) count = {};
  count.last_ms = now_ms;
  ++count.failures;
  if (count.failures < free) return;
  const int doubled = std::min(count.failures - free, 20);
  count.open_at_ms = now_ms + std::min(limits_.first_wait_ms << doubled, limits_.longest_wait_ms);
}

void AttemptLimiter::make_room(std::int64_t now_ms) {
  if (counts_.size() + 2 <= limits_.remembered) return;
  std::erase_if(counts_, [&](const auto& entry) { return now_ms - entry.second.last_ms > limits_.forget_after_ms; });
  while (counts_.size() + 2 > limits_.remembered) {
    const auto oldest = std::min_element(counts_.begin(), counts_.end(), [](const auto& a, const auto& b) { return a.second.last_ms < b.second.last_ms; });
    counts_.erase(oldest);
  }
}

}  // namespace catchment::access
