#include "fhir/data/files.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "base/error.h"

namespace catchment::fhir {

namespace fs = std::filesystem;

std::vector<fs::path> files_under(const fs::path& path, const std::vector<std::string>& endings) {
  std::error_code fault;
  if (!fs::exists(path, fault)) throw Error(ErrorKind::user, "there is no file or folder " + path.string(), "check the path");
  if (fs::is_regular_file(path, fault)) return {path};
  std::vector<fs::path> result;
  for (auto it = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, fault); it != fs::recursive_directory_iterator(); it.increment(fault)) {
    if (fault) break;
    const std::string name = it->path().filename().string();
    if (name.starts_with(".")) {
      if (it->is_directory(fault)) it.disable_recursion_pending();
      continue;
    }
    if (it.depth() > 16 || !it->is_regular_file(fault)) continue;
    if (std::any_of(endings.begin(), endings.end(), [&name](const std::string& ending) { return name.ends_with(ending); })) result.push_back(it->path());
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::string read_file(const fs::path& path) {
  const auto unreadable = [&path]() { return Error(ErrorKind::environment, "cannot read " + path.string(), "check that it is whole and may be read"); };
  std::error_code fault;
  if (!fs::exists(path, fault)) throw Error(ErrorKind::user, "there is no file " + path.string(), "check the path");
  std::string bytes;
  if (path.extension() == ".gz") {
    std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) throw unreadable();
    std::string chunk(std::size_t{1} << 18, '\0');
    for (;;) {
      const int got = gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()));
      if (got < 0) throw unreadable();
      if (got == 0) {
        int ended = Z_OK;  // a stream that is cut off ends like a whole one, but for this
        gzerror(file.get(), &ended);
        if (ended == Z_BUF_ERROR) throw unreadable();
        break;
      }
      bytes.append(chunk.data(), static_cast<std::size_t>(got));
      if (bytes.size() > maximum_file_bytes) throw Error(ErrorKind::user, path.string() + " is larger than 2 GB", "split it");
    }
    return bytes;
  }
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) throw unreadable();
  const auto size = static_cast<std::size_t>(in.tellg());
  if (size > maximum_file_bytes) throw Error(ErrorKind::user, path.string() + " is larger than 2 GB", "split it");
  bytes.resize(size);
  in.seekg(0);
  if (size > 0 && !in.read(bytes.data(), static_cast<std::streamsize>(size))) throw unreadable();
  return bytes;
}

}  // namespace catchment::fhir
