// Files of a folder, read whole; gzip is undone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace catchment::fhir {

inline constexpr std::size_t maximum_file_bytes = std::size_t{2} << 30;

/// Every regular file under `path` (or `path` itself) whose name ends in one of `endings`, in name order. Hidden
/// files and folders are left out. Throws Error (user) when the path is not there.
std::vector<std::filesystem::path> files_under(const std::filesystem::path& path, const std::vector<std::string>& endings);

/// The bytes, decompressed when the name ends in .gz. Throws Error (environment) when it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace catchment::fhir
