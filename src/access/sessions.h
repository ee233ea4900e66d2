// Sessions: who is signed in, in memory only, so that a stolen disk holds no session and a restart ends them all.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "access/accounts.h"
#include "access/subject.h"

namespace catchment::access {

struct SessionLimits {
  std::int64_t idle_ms = 30 * 60'000;
  std::int64_t whole_ms = 10 * 60 * 60'000;
  std::int64_t rotate_ms = 10 * 60'000;  // the cookie's token is replaced this often
  std::int64_t grace_ms = 30'000;        // and the one before it still accepted this long, for requests under way
  std::size_t sessions = 10'000;
  std::size_t for_one_account = 20;
};

/// A session as one request sees it.
struct Visit {
  Account account;
  Subject subject;
  std::string csrf_token;
  std::string handle_key;              // for make_handle and open_handle
  std::int64_t ends_at_ms = 0;
  std::optional<std::string> new_token;  // set the cookie to this
};

/// Safe from several threads. Tokens are 32 random bytes; only their hash is kept.
class Sessions {
 public:
  Sessions() : Sessions(SessionLimits{}) {}
  explicit Sessions(SessionLimits limits) : limits_(limits) {}

  /// A new session in the account's first role and that role's usual purpose. `new_token` is set.
  Visit open(const Account& account, std::int64_t now_ms);
  /// The session of a token, or nothing. Counts as use; may replace the token.
  std::optional<Visit> find(std::string_view token, std::int64_t now_ms);
  /// Another role and purpose: a new token, a new CSRF token and new handles, so that nothing is carried over.
  /// Nothing when the token is not a session's. The caller has checked that the account has the role.
  std::optional<Visit> choose(std::string_view token, Role role, Purpose purpose, std::int64_t now_ms);
  /// True when there was one.
  bool close(std::string_view token);
  std::size_t count() const;
  const SessionLimits& limits() const { return limits_; }

 private:
  struct Session;
  using Key = std::string;  // hash of a token
  Visit visit(const Session& session) const;
  Session* live(const Key& key, std::int64_t now_ms);
  std::string rotate(Session& session, std::int64_t now_ms, bool keep_previous);
  void forget(std::uint64_t number);
  void make_room(const std::string& account, std::int64_t now_ms);

  struct Session {
    std::uint64_t number = 0;
    Account account;
    Subject subject;
    std::string csrf_token, handle_key;
    Key current, previous;
    std::int64_t opened_ms = 0, used_ms = 0, rotated_ms = 0;
  };
  SessionLimits limits_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Session> sessions_;
  std::map<Key, std::uint64_t> tokens_;
};

}  // namespace catchment::access
