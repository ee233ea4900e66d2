#include "api/cohort_desk.h"

#include <algorithm>

#include "base/error.h"

namespace catchment::api {

void CohortDesk::Counting::step(std::string_view name, std::uint64_t all, std::string_view) {
  done_so_far = 0;
  total = all;
  const std::lock_guard lock(mutex);
  state.step = std::string(name);
}

CohortDesk::~CohortDesk() {
  for (auto& [account, count] : counts_) count->given_up = true;
  for (auto& [account, count] : counts_)
    if (count->thread.joinable()) count->thread.join();
}

CohortDesk::Start CohortDesk::start(const std::string& account, const std::string& of, std::function<CohortCounts(Counting&)> work) {
  const std::lock_guard lock(mutex_);
  std::size_t running = 0;
  for (const auto& [name, count] : counts_) {
    const std::lock_guard hold(count->mutex);
    if (count->state.state != "running") continue;
    if (name == account) return Start::own_under_way;
    ++running;
  }
  if (running >= most_at_once) return Start::too_many;
  auto& mine = counts_[account];
  if (mine && mine->thread.joinable()) mine->thread.join();
  mine = std::make_shared<Counting>();
  mine->state.state = "running";
  mine->state.of = of;
  mine->thread = std::thread([count = mine.get(), work = std::move(work)] {  // the desk joins it before it lets go
    CohortCount end;
    try {
      end.counts = work(*count);
      end.state = "done";
    } catch (const Error& error) {
      end.state = "failed";
      end.fault = error.kind() == ErrorKind::user ? error.what() : "the count could not be finished";
      end.fix = error.fix().empty() ? "try again, and tell an administrator if it lasts" : error.fix();
      if (count->given_up) end.fault = "you gave the count up";
      else if (count->out_of_time()) end.fault = "the count took longer than two minutes and was given up";
    } catch (const std::exception&) {
      end.state = "failed";
      end.fault = "the count could not be finished";
      end.fix = "try again, and tell an administrator if it lasts";
    }
    end.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - count->began).count();
    const std::lock_guard hold(count->mutex);
    end.of = count->state.of;
    count->state = std::move(end);
  });
  return Start::started;
}

CohortCount CohortDesk::state(const std::string& account) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(account);
  if (found == counts_.end()) return {};
  const Counting& count = *found->second;
  const std::lock_guard hold(count.mutex);
  CohortCount state = count.state;
  if (state.state == "running") {
    state.total = static_cast<std::int64_t>(count.total);
    state.done = std::min(static_cast<std::int64_t>(count.done_so_far), state.total);
    state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - count.began).count();
  }
  return state;
}

void CohortDesk::give_up(const std::string& account) {
  const std::lock_guard lock(mutex_);
  if (const auto found = counts_.find(account); found != counts_.end()) found->second->given_up = true;
}

cohort::CohortStore& CohortDesk::store() {
  if (authored_.empty()) throw Error(ErrorKind::environment, "this server keeps no cohorts");
  if (!store_) store_ = std::make_unique<cohort::CohortStore>(authored_);
  return *store_;
}

}  // namespace catchment::api
