#include "records/workspace.h"

namespace catchment::records {

std::optional<std::filesystem::path> Workspace::current_snapshot() const {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::read_symlink(current(), error);
  if (error) return {};
  return target.is_absolute() ? target : root / target;
}

}  // namespace catchment::records
