#include "access/sessions.h"

#include <algorithm>

#include "access/secret.h"
#include "base/hash.h"

namespace catchment::access {

namespace {

std::string hash_of(std::string_view token) { return to_hex(sha256(token)); }

}  // namespace

Visit Sessions::visit(const Session& session) const {
  return {session.account, session.subject, session.csrf_token, session.handle_key, session.opened_ms + limits_.whole_ms, std::nullopt};
}

std::string Sessions::rotate(Session& session, std::int64_t now_ms, bool keep_previous) {
  tokens_.erase(session.previous);
  session.previous.clear();
  if (keep_previous) session.previous = session.current;
  else tokens_.erase(session.current);
  std::string token = base64url(random_bytes(32));
  session.current = hash_of(token);
  session.rotated_ms = now_ms;
  tokens_[session.current] = session.number;
  return token;
}

void Sessions::forget(std::uint64_t number) {
  const auto found = sessions_.find(number);
  if (found == sessions_.end()) return;
  tokens_.erase(found->second.current);
  tokens_.erase(found->second.previous);
  sessions_.erase(found);
}

void Sessions::make_room(const std::string& account, std::int64_t now_ms) {
  std::uint64_t oldest_of_account = 0;
  std::size_t of_account = 0;
  std::vector<std::uint64_t> over;
  for (const auto& [number, session] : sessions_) {
    if (now_ms - session.used_ms >= limits_.idle_ms || now_ms - session.opened_ms >= limits_.whole_ms) {
      over.push_back(number);
    } else if (session.account.name == account) {
      if (of_account++ == 0) oldest_of_account = number;
    }
  }
  for (const auto number : over) forget(number);
  if (of_account >= limits_.for_one_account) forget(oldest_of_account);
  while (sessions_.size() >= limits_.sessions) {
    const auto idle = std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) { return a.second.used_ms < b.second.used_ms; });
    forget(idle->first);
  }
}

Visit Sessions::open(const Account& account, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  make_room(account.name, now_ms);
  Session& session = sessions_[next_];
  session.number = next_++;
  session.account = account;
  session.csrf_token = base64url(random_bytes(24));
  session.handle_key = random_bytes(32);
  session.opened_ms = session.used_ms = now_ms;
  std::string token = rotate(session, now_ms, false);
  const Role role = account.roles.front();
  session.subject = {account.name, account.display_name, role, purposes_of(role).front(), account.places, session.current.substr(0, 12)};
  Visit opened = visit(session);
  opened.new_token = std::move(token);
  return opened;
}

Sessions::Session* Sessions::live(const Key& key, std::int64_t now_ms) {
  const auto token = tokens_.find(key);
  if (token == tokens_.end()) return nullptr;
  Session& session = sessions_.at(token->second);
  if (now_ms - session.used_ms >= limits_.idle_ms || now_ms - session.opened_ms >= limits_.whole_ms) {
    forget(session.number);
    return nullptr;
  }
  if (key == session.previous && now_ms - session.rotated_ms >= limits_.grace_ms) return nullptr;
  return &session;
}

std::optional<Visit> Sessions::find(std::string_view token, std::int64_t now_ms) {
  const Key key = hash_of(token);
  const std::lock_guard lock(mutex_);
  Session* session = live(key, now_ms);
  if (session == nullptr) return std::nullopt;
  session->used_ms = std::max(session->used_ms, now_ms);
  std::optional<std::string> fresh;
  if (key == session->current && now_ms - session->rotated_ms >= limits_.rotate_ms) fresh = rotate(*session, now_ms, true);
  Visit found = visit(*session);
  found.new_token = std::move(fresh);
  return found;
}

std::optional<Visit> Sessions::choose(std::string_view token, Role role, Purpose purpose, std::int64_t now_ms) {
  const Key key = hash_of(token);
  const std::lock_guard lock(mutex_);
  Session* session = live(key, now_ms);
  if (session == nullptr) return std::nullopt;
  std::string fresh = rotate(*session, now_ms, false);
  session->used_ms = now_ms;
  session->subject.role = role;
  session->subject.purpose = purpose;
  session->csrf_token = base64url(random_bytes(24));
  session->handle_key = random_bytes(32);
  Visit chosen = visit(*session);
  chosen.new_token = std::move(fresh);
  return chosen;
}

bool Sessions::close(std::string_view token) {
  const Key key = hash_of(token);
  const std::lock_guard lock(mutex_);
  const auto found = tokens_.find(key);
  if (found == tokens_.end()) return false;
  forget(found->second);
  return true;
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace catchment::access
