#include "cql/syntax/syntax.h"
#include "cql/types/checker.h"

namespace catchment::cql {

namespace {
/// Order of versions by their numbers, then by text: 4.0.10 after 4.0.9.
bool version_before(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      std::size_t end_a = i;
      std::size_t end_b = j;
      while (end_a < a.size() && digit(a[end_a])) ++end_a;
      while (end_b < b.size() && digit(b[end_b])) ++end_b;
      while (i + 1 < end_a && a[i] == '0') ++i;
      while (j + 1 < end_b && b[j] == '0') ++j;
      if (end_a - i != end_b - j) return end_a - i < end_b - j;
      const int order = a.compare(i, end_a - i, b, j, end_b - j);
      if (order != 0) return order < 0;
      i = end_a;
      j = end_b;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

/// Only the library declaration: the text up to the first declaration after it is enough.
syntax::Library declaration_of(const std::string& text) {
  std::size_t end = text.size();
  for (const char* word : {"\nusing ", "\ninclude ", "\ndefine ", "\nparameter ", "\nvalueset ", "\ncodesystem ", "\ncontext "}) {
    const std::size_t at = text.find(word);
    if (at != std::string::npos && at < end) end = at;
  }
  Diagnostics ignored;
  return syntax::parse_library(std::string_view(text).substr(0, end), "", ignored);
}
}  // namespace

void Libraries::add(LibraryText library) {
  const syntax::Library tree = declaration_of(library.text);
  std::string name = tree.name;
  if (name.empty()) {
    name = library.file.substr(library.file.find_last_of("/\\") + 1);
    name = name.substr(0, name.find('.'));
  }
  libraries_[name].insert_or_assign(tree.version, std::move(library));
}

const LibraryText* Libraries::find(const std::string& name, const std::string& version) const {
  const auto found = libraries_.find(name);
  if (found == libraries_.end()) return nullptr;
  if (!version.empty()) {
    const auto exact = found->second.find(version);
    return exact == found->second.end() ? nullptr : &exact->second;
  }
  const LibraryText* newest = nullptr;
  const std::string* newest_version = nullptr;
  for (const auto& [v, library] : found->second) {
    if (newest == nullptr || version_before(*newest_version, v)) {
      newest = &library;
      newest_version = &v;
    }
  }
  return newest;
}

std::vector<std::string> Libraries::names() const {
  std::vector<std::string> result;
  result.reserve(libraries_.size());
  for (const auto& [name, versions] : libraries_) result.push_back(name);
  return result;
}

std::vector<std::string> Libraries::versions(const std::string& name) const {
  std::vector<std::string> result;
  const auto found = libraries_.find(name);
  if (found == libraries_.end()) return result;
  for (const auto& [version, library] : found->second) result.push_back(version);
  return result;
}

}  // namespace catchment::cql
