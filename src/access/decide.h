// One decision for everything that leaves: decide(subject, purpose, object).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.h"
#include "access/subject.h"
#include "base/clock.h"
#include "base/ids.h"

namespace catchment::access {

/// What can be asked for. Everything that holds person data or counts is one of these.
enum class ObjectKind : std::uint8_t {
  start, search, feeds, feed, quarantine, population, measure, figure, structure, strategy, services,
  resident_search, resident_record, accounts, audit_trail, backup,
};
inline constexpr std::size_t object_kinds = 16;
std::string_view to_string(ObjectKind kind);
std::optional<ObjectKind> object_named(std::string_view word);

struct Object {
  ObjectKind kind = ObjectKind::start;
  std::string detail = {};                 // which one: a feed, a measure, a place. Never person data
  std::optional<PersonId> person = {};     // whose
  std::vector<std::string> places = {};    // where that person lives, when known: place ids
  std::string snapshot = {};               // which snapshot answers
};

enum class Reason : std::uint8_t {
  allowed,
  role_lacks_purpose,    // this role may not work for this purpose
  not_for_role,          // this role, for this purpose, may not see this kind of thing
  outside_places,        // the person lives outside the places the account is limited to
};
std::string_view to_string(Reason reason);
/// One sentence for the person who asked.
std::string_view sentence(Reason reason);

/// The answer, before anything is read. Pure: the same question has the same answer.
struct Decision {
  bool permitted = false;
  Reason reason = Reason::not_for_role;
  std::string rule;               // the line of the policy that decided
  bool identity_visible = false;  // names, numbers, addresses
  bool values_visible = false;    // the rejected values of rows in quarantine
};

Decision decide(const Subject& subject, Purpose purpose, const Object& object);

/// The policy, line by line, for `catchment access explain` and for its tests.
struct PolicyLine {
  ObjectKind object;
  std::span<const Role> roles;
  std::span<const Purpose> purposes;
  std::string_view why;
};
std::span<const PolicyLine> policy();

/// What retrieval must be given. Only a Gate makes one, after the audit row is durable.
class RowFilter {
 public:
  bool identity_visible() const { return identity_visible_; }
  bool values_visible() const { return values_visible_; }
  /// Place ids the reader is limited to; empty = all.
  const std::vector<std::string>& places() const { return places_; }
  bool sees_place(std::string_view place) const;
  ObjectKind object() const { return object_; }
  std::int64_t audit_row() const { return audit_row_; }

 private:
  friend class Gate;
  RowFilter() = default;
  bool identity_visible_ = false;
  bool values_visible_ = false;
  std::vector<std::string> places_;
  ObjectKind object_ = ObjectKind::start;
  std::int64_t audit_row_ = 0;
};

struct Admission {
  Decision decision;
  std::optional<RowFilter> filter;  // present exactly when permitted
};

/// The door: decides, writes the audit row, waits until it is on disk, and only then hands out the filter.
/// Safe to use from several threads.
class Gate {
 public:
  Gate(AuditWriter& audit, const Clock& clock) : audit_(audit), clock_(clock) {}

  Admission admit(const Subject& subject, const Object& object);
  /// A search shows people that were not known when it was admitted: one row for each, durable on return.
  void record_disclosed(const Subject& subject, const RowFilter& filter, const std::string& snapshot, std::span<const PersonId> persons);
  /// What is no question of policy but belongs in the chain: sign-in, sign-out, role chosen, refusals before a subject is known.
  void record_event(const Subject& subject, std::string_view action, bool good, std::string_view reason, std::string_view detail = {});

 private:
  AuditWriter& audit_;
  const Clock& clock_;
};

}  // namespace catchment::access
