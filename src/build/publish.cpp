#include "build/publish.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace catchment::build {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, int code) {
  if (code == ENOSPC || code == EDQUOT)
    throw Error(ErrorKind::environment, "the disk is full", "free space, then build again; nothing that was published is lost");
  throw Error(ErrorKind::environment, fmt::format("{} could not be written: {}", file.filename().string(), std::strerror(code)),
              "check that the workspace may be written");
}

void sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, errno);
  const int done = ::fsync(descriptor);
  const int code = errno;
  ::close(descriptor);
  if (done != 0 && code != EINVAL) fail(path, code);
}

}  // namespace

std::string new_snapshot_id(const records::Workspace& workspace, Instant at) {
  std::string id = to_string(Instant{at.utc_ms / 1000 * 1000, 0}).substr(0, 19);
  id.erase(std::remove_if(id.begin(), id.end(), [](char c) { return c == '-' || c == ':'; }), id.end());
  id += 'Z';
  std::string candidate = id;
  for (int n = 2; fs::exists(workspace.snapshots() / candidate); ++n) candidate = fmt::format("{}-{}", id, n);
  return candidate;
}

void write_durably(const fs::path& file, const std::string& bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) fail(file, errno);
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int code = errno;
      ::close(descriptor);
      fail(file, code);
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) {
    const int code = errno;
    ::close(descriptor);
    fail(file, code);
  }
  ::close(descriptor);
}

void sync_folder(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) sync(entry.path());
  sync(folder);
}

void settle(const records::Workspace& workspace, const fs::path& building, const std::string& id) {
  sync_folder(building);
  fs::rename(building, workspace.snapshots() / id);
  sync(workspace.snapshots());
}

void make_current(const records::Workspace& workspace, const std::string& id) {
  const fs::path next = workspace.root / "current.next";
  fs::remove(next);
  fs::create_symlink(fs::path("snapshots") / id, next);
  fs::rename(next, workspace.current());
  sync(workspace.root);
}

void remove_old_snapshots(const records::Workspace& workspace, std::size_t keep) {
  const auto live = workspace.current_snapshot();
  std::vector<fs::path> finished;
  for (const auto& entry : fs::directory_iterator(workspace.snapshots())) {
    if (!entry.is_directory() || entry.path().filename() == "building") continue;
    if (live && entry.path().filename() == live->filename()) continue;
    // A folder without a manifest was never finished.
    if (fs::exists(entry.path() / "manifest.json")) finished.push_back(entry.path());
    else fs::remove_all(entry.path());
  }
  std::sort(finished.begin(), finished.end(), std::greater<>());
  const std::size_t others = keep > 0 ? keep - 1 : 0;
  for (std::size_t i = others; i < finished.size(); ++i) fs::remove_all(finished[i]);
}

}  // namespace catchment::build
