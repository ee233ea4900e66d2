// The audit chain: every decision, in order, each row sealed to the one before it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"

namespace catchment::access {

/// One row, before it has its number and its seal.
struct AuditRow {
  std::int64_t at_ms = 0;
  std::string account, display_name, role, purpose, session;
  std::string action;   // "see", "shown", "sign-in", "sign-out", "choose-role", "user-add", "backup", ...
  std::string object;   // kind of thing
  std::string detail;   // which one; never person data
  std::optional<PersonId> person;
  std::string snapshot;
  std::string outcome;  // "permitted" or "refused"
  std::string reason;
};

/// The seal of a row: SHA-256 over the seal before it, the row's number and every field with its length.
Digest seal(const Digest& before, std::int64_t number, const AuditRow& row);

/// Appends to audit.sqlite from a thread of its own; rows that arrive together share one commit.
/// Several processes may append to one file: the chain's end is read inside the transaction.
class AuditWriter {
 public:
  /// Opens or creates the file (mode 0600).
  explicit AuditWriter(const std::filesystem::path& file);
  ~AuditWriter();
  AuditWriter(const AuditWriter&) = delete;
  AuditWriter& operator=(const AuditWriter&) = delete;

  /// Returns when the rows are on disk, with the number of the first. Throws when they are not; then nothing
  /// may be answered. Safe from any thread.
  std::int64_t append(std::span<const AuditRow> rows);

 private:
  struct Waiting {
    std::span<const AuditRow> rows;
    std::int64_t first = 0;
    bool done = false;
    std::exception_ptr fault;
  };
  void work(const std::filesystem::path& file);
  void write_together(const std::filesystem::path& file, const std::vector<Waiting*>& batch);

  std::mutex mutex_;
  std::condition_variable arrived_, finished_;
  std::deque<Waiting*> queue_;
  bool stop_ = false;
  std::filesystem::path file_;
  struct Store;
  std::unique_ptr<Store> store_;
  std::thread thread_;
};

/// What a check of the chain found.
struct AuditCheck {
  std::int64_t rows = 0;
  std::string head;                          // hex seal of the last row; "" when there is none
  std::optional<std::int64_t> broken_at;     // the first row whose number or seal is wrong
  std::string what;                          // in words, when broken
  bool whole() const { return !broken_at; }
};

/// Reads the whole chain. With `expected_head` (hex, noted earlier, for example in a backup) the chain must
/// hold a row with that seal, so that a trail cut short is found out.
AuditCheck verify_audit(const std::filesystem::path& file, const std::string& expected_head = {});

/// The last seal of a chain, without reading all of it.
std::string audit_head(const std::filesystem::path& file);

}  // namespace catchment::access
