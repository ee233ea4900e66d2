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
#include "records/records.h"

namespace catchment::access {

/// What can be asked for. Everything that holds person data or counts is one of these.
enum class ObjectKind : std::uint8_t {
  start,
  search,
  feeds,
  feed,
  quarantine,
  population,
  measure,
  figure,
  structure,
  strategy,
  services,
  resident_search,
  resident_record,
  accounts,
  audit_trail,
  backup,
  cohort,
  linkage_review,
  sent_resource,
};
inline constexpr std::size_t object_kinds = 19;
std::string_view to_string(ObjectKind kind);
std::optional<ObjectKind> object_named(std::string_view word);

struct Object {
  ObjectKind kind = ObjectKind::start;
  std::string detail = {};                 // which one: a feed, a measure, a place. Never person data
  std::optional<PersonId> person = {};     // whose
  std::string snapshot = {};               // which snapshot answers
};

enum class Reason : std::uint8_t {
  allowed,
  role_lacks_purpose,    // this role may not work for this purpose
  not_for_role,          // this role, for this purpose, may not see this kind of thing
  not_visible,           // no such person, or outside the places the account is limited to
};
std::string_view to_string(Reason reason);
/// One sentence for the person who asked.
std::string_view sentence(Reason reason);

/// The answer, before anything is read. Pure: the same question has the same answer.
struct Decision {
  bool permitted = false;
  Reason reason = Reason::not_for_role;
  std::string rule;               // the line of the policy that decided
  bool persons_visible = false;   // single residents, within the places of the account
  bool identity_visible = false;  // their names, numbers, addresses
  bool counts_visible = false;    // counts of the population
  bool resources_visible = false; // clinical FHIR resources as partners sent them, read element by element
  bool review_visible = false;    // identities alone, of persons in the review queue of linkage; nothing clinical
  bool values_visible = false;    // the rejected values of rows in quarantine
  std::string rows_shared_for;    // single rows come only from feeds that their partners share for this purpose; empty when no row is visible
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

/// A permission: the filter retrieval must be given, and the audit row that stands for it.
struct Admission {
  Decision decision;
  std::optional<records::RowFilter> filter;  // present exactly when permitted
  std::int64_t audit_row = 0;
};

/// The door: decides, writes the audit row, waits until it is on disk, and only then hands out the filter.
/// Safe to use from several threads.
class Gate {
 public:
  Gate(AuditWriter& audit, const Clock& clock) : audit_(audit), clock_(clock) {}

  /// `dictionaries` are those of the snapshot that answers: they turn the account's places into the snapshot's.
  /// Without them an account limited to places sees no resident.
  Admission admit(const Subject& subject, const Object& object, const records::Dictionaries* dictionaries = nullptr);
  /// Permitted, but there was nobody to show, or nobody this account may see: recorded as a refusal.
  void record_not_visible(const Subject& subject, const Object& object);
  /// A search shows people that were not known when it was admitted: one row for each, durable on return.
  void record_disclosed(const Subject& subject, const Object& object, std::int64_t audit_row, std::span<const PersonId> persons);
  /// Somebody admitted does something that stays ("decide", "undo"), or was too late for it: then `reason` says why. Durable on return.
  void record_act(const Subject& subject, const Object& object, std::string_view action, bool done, std::string_view reason);
  /// What is no question of policy but belongs in the chain: sign-in, sign-out, role chosen, refusals before a subject is known.
  void record_event(const Subject& subject, std::string_view action, bool good, std::string_view reason, std::string_view detail = {});

 private:
  AuditWriter& audit_;
  const Clock& clock_;
};

}  // namespace catchment::access
