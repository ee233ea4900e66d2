#include "build/lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace catchment::build {

WorkspaceLock::WorkspaceLock(const std::filesystem::path& workspace) {
  const std::filesystem::path file = workspace / ".build.lock";
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    const int code = errno;
    throw Error(ErrorKind::environment, fmt::format("the workspace {} cannot be written: {}", workspace.string(), std::strerror(code)),
                code == ENOSPC ? "free space on its disk" : "check that it exists, that its disk is not read-only and that you may write there");
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(descriptor_);
  throw Error(ErrorKind::environment, fmt::format("another build is running in {}", workspace.string()), "wait for it to finish, then build again");
}

WorkspaceLock::~WorkspaceLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace catchment::build
