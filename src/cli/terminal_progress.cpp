#include "cli/terminal_progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

namespace catchment::cli {
namespace {

using Time = std::chrono::steady_clock::time_point;

std::string rate_text(double a_second) {
  if (a_second >= 1e6) return fmt::format("{:.1f} million", a_second / 1e6);
  if (a_second >= 1e4) return fmt::format("{:.0f} thousand", a_second / 1e3);
  return fmt::format("{:.0f}", a_second);
}

std::string left_text(double seconds) {
  if (seconds >= 90) return fmt::format("{:.0f} min left", seconds / 60);
  return fmt::format("{:.0f} s left", seconds);
}

class StepProgress : public Progress {
 public:
  void step(std::string_view name, std::uint64_t total, std::string_view unit) final {
    const std::lock_guard lock(mutex_);
    finish();
    if (unit == "stage") {
      fmt::print(stderr, "{}\n", name);
      return;
    }
    name_ = name, unit_ = unit, total_ = total, done_ = 0, open_ = true;
    started_ = std::chrono::steady_clock::now();
    begun();
  }
  void advance(std::uint64_t count) final {
    const std::lock_guard lock(mutex_);
    done_ += count;
    if (open_) moved();
  }
  void done() final {
    const std::lock_guard lock(mutex_);
    finish();
  }

 protected:
  virtual void begun() = 0;
  virtual void moved() = 0;
  virtual void ended() = 0;

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count(); }
  double share() const { return total_ == 0 ? 0 : std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_)); }
  std::string summary() const {
    const double took = seconds();
    if (done_ == 0 || unit_.empty()) return fmt::format("{}: {:.1f} s", name_, took);
    return fmt::format("{}: {} {} in {:.1f} s ({} a second)", name_, done_, unit_, took, rate_text(static_cast<double>(done_) / std::max(took, 0.001)));
  }

  std::string name_, unit_;
  std::uint64_t total_ = 0, done_ = 0;

 private:
  void finish() {
    if (open_) ended();
    open_ = false;
  }
  std::mutex mutex_;
  Time started_;
  bool open_ = false;
};

class Bar final : public StepProgress {
  void begun() override {
    drawn_ = -1;
    moved();
  }
  void moved() override {
    const double took = seconds();
    if (drawn_ >= 0 && took - drawn_ < 0.1) return;
    drawn_ = took;
    std::string line = "  " + name_;
    if (total_ > 0) {
      const auto filled = static_cast<std::size_t>(share() * 24);
      line += fmt::format(" [{}{}] {:3.0f}%", std::string(filled, '='), std::string(24 - filled, ' '), share() * 100);
    }
    if (done_ > 0 && took > 0.5) {
      line += fmt::format("  {} {} a second", rate_text(static_cast<double>(done_) / took), unit_);
      if (total_ > done_) line += ", " + left_text(took * static_cast<double>(total_ - done_) / static_cast<double>(done_));
    }
    fmt::print(stderr, "\r\033[K{}", line);
    std::fflush(stderr);
  }
  void ended() override { fmt::print(stderr, "\r\033[K  {}\n", summary()); }
  double drawn_ = -1;
};

class Lines final : public StepProgress {
  void begun() override { tenth_ = 0; }
  void moved() override {
    const int tenth = static_cast<int>(share() * 10);
    if (tenth <= tenth_ || seconds() < 10) return;
    tenth_ = tenth;
    const double took = seconds();
    fmt::print(stderr, "  {}: {}0%, {} {} a second, {}\n", name_, tenth, rate_text(static_cast<double>(done_) / took), unit_,
               left_text(took * static_cast<double>(total_ - std::min(done_, total_)) / static_cast<double>(done_)));
  }
  void ended() override { fmt::print(stderr, "  {}\n", summary()); }
  int tenth_ = 0;
};

}  // namespace

std::unique_ptr<Progress> progress_for_standard_error() {
  if (::isatty(STDERR_FILENO) != 0) return std::make_unique<Bar>();
  return std::make_unique<Lines>();
}

}  // namespace catchment::cli
