// What every command file shares; commands.h, which changes with each new command, is for main.cpp alone.
// A command declares its options on `app` and sets `run` to what must be done; main runs it, turns an
// Error into "catchment: what happened / fix: what to do" and the exit code of DESIGN section 6:
// 0 done, 1 a check failed, 2 usage, 3 could not continue.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace catchment::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_check_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_cannot_continue = 3;

/// What the chosen command does; returns the exit code.
using Run = std::function<int()>;

}  // namespace catchment::cli
