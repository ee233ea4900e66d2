// Where cohorts are kept and counted for the pages. Internal to api.
// In: what an account asks. Out: kept versions; the state of the count it asked for last. Always: an account has one
// count under way at most, and everybody together `most_at_once`; a count that takes longer than `longest` is given up.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "api/model.h"
#include "cohort/cohort.h"

namespace catchment::api {

class CohortDesk {
 public:
  static constexpr std::size_t most_at_once = 2;
  static constexpr std::chrono::seconds longest{120};

  /// What a count may ask and tell while it is under way.
  struct Counting final : Progress {
    std::atomic<bool> given_up = false;
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

    void step(std::string_view name, std::uint64_t all, std::string_view) override;
    void advance(std::uint64_t count) override { done_so_far += count; }
    void done() override {}
    bool out_of_time() const { return given_up || std::chrono::steady_clock::now() > began + longest; }

   private:
    friend class CohortDesk;
    std::atomic<std::uint64_t> done_so_far = 0, total = 0;
    mutable std::mutex mutex;
    CohortCount state;
    std::thread thread;
  };
  enum class Start : std::uint8_t { started, own_under_way, too_many };

  explicit CohortDesk(std::filesystem::path authored) : authored_(std::move(authored)) {}
  ~CohortDesk();
  CohortDesk(const CohortDesk&) = delete;
  CohortDesk& operator=(const CohortDesk&) = delete;

  /// Runs `work` on a thread of its own. `of` says what is counted.
  Start start(const std::string& account, const std::string& of, std::function<CohortCounts(Counting&)> work);
  CohortCount state(const std::string& account);
  void give_up(const std::string& account);

  /// One at a time. Throws when this server keeps none.
  template <typename Use>
  auto with_store(Use use) {
    const std::lock_guard lock(store_mutex_);
    return use(store());
  }

 private:
  cohort::CohortStore& store();

  std::filesystem::path authored_;
  std::mutex store_mutex_;
  std::unique_ptr<cohort::CohortStore> store_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Counting>> counts_;  // by account
};

}  // namespace catchment::api
