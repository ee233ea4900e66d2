// Words for codes that partners send bare: code_names.csv of a definition folder, then the displays of its codelists.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "system/definitions.h"
#include "terminology/codelists.h"

namespace catchment::terminology {

struct CodeName {
  std::string system;  // its URI, or the word a feed declares when it has none
  std::string code;    // without the point of ICD-10 and OPCS-4
  std::string name;
};

struct LoadedCodeNames {
  std::vector<CodeName> names;  // each code once, by system and code; own names before those of codelists
  Diagnostics diagnostics;
};

/// A folder without code_names.csv has the names of its codelists alone.
LoadedCodeNames load_code_names(const std::filesystem::path& system_folder, const Codelists& codelists);
LoadedCodeNames load_code_names(system::Definitions definitions, const Codelists& codelists);

}  // namespace catchment::terminology
