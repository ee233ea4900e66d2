// From syntax to a typed program: names resolved, overloads chosen, conversions made explicit, once.
// In: the main library's text, a source of the libraries it includes, and the models. Out: a Program and every
// diagnostic. Always: a program is returned even with errors (a definition with an error has no body); what an
// included library declares is checked when something of the main library uses it; never throws.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "cql/types/model.h"
#include "cql/types/typed.h"

namespace catchment::cql {

struct LibraryText {
  std::string file;   // for messages
  std::string text;
};

/// The libraries at hand, by the name and version they declare.
class Libraries {
 public:
  /// Reads the library's own declaration; a text without one is filed under its file name's stem.
  void add(LibraryText library);
  /// Version "" gives the newest; null when there is none.
  const LibraryText* find(const std::string& name, const std::string& version) const;
  std::vector<std::string> names() const;
  std::vector<std::string> versions(const std::string& name) const;
  bool empty() const { return libraries_.empty(); }

 private:
  std::map<std::string, std::map<std::string, LibraryText>> libraries_;
};

/// Checks a main library and what it uses of those it includes.
std::unique_ptr<Program> check_library(const LibraryText& main, const Libraries& libraries, const Models& models, Diagnostics& diagnostics);

/// Checks one expression: a program whose main library has the single definition "expression".
std::unique_ptr<Program> check_expression(std::string_view source, const Models& models, Diagnostics& diagnostics);

}  // namespace catchment::cql
