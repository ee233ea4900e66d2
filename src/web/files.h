// The built staff app, in memory: what is not in the folder when it is read cannot be asked for.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace catchment::web {

struct File {
  std::string bytes;
  std::string gzipped;       // empty when it would not be smaller
  std::string content_type;
  std::string tag;           // strong ETag with its quotes
  bool lasting = false;      // its name holds a hash of its content
};

std::string gzip(std::string_view bytes);
/// By extension; "application/octet-stream" for what is not known.
std::string_view content_type_of(std::string_view name);

class Files {
 public:
  /// An empty or absent folder has no files.
  explicit Files(std::filesystem::path folder);
  /// The file of a path such as "/assets/app.js"; "/" and paths of the app without an extension are its
  /// index.html. Null when there is none. Notices within two seconds that the app was built again.
  std::shared_ptr<const File> find(std::string_view path);

 private:
  using Table = std::map<std::string, std::shared_ptr<const File>, std::less<>>;
  void read();
  std::filesystem::path folder_;
  std::mutex mutex_;
  Table table_;
  std::filesystem::file_time_type built_{};
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace catchment::web
