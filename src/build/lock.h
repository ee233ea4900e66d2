// One build at a time in a workspace.
#pragma once

#include <filesystem>

namespace catchment::build {

/// Held while it lives; the kernel lets go when the process dies, however it dies.
class WorkspaceLock {
 public:
  /// Throws when another build holds it, or the workspace may not be written.
  explicit WorkspaceLock(const std::filesystem::path& workspace);
  ~WorkspaceLock();
  WorkspaceLock(const WorkspaceLock&) = delete;
  WorkspaceLock& operator=(const WorkspaceLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace catchment::build
