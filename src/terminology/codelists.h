// Codelists: named, versioned sets of codes, read from codelists/index.csv and the other CSV files
// of that folder (any number of lists in a file, so that a family can be edited together).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "system/definitions.h"

namespace catchment::terminology {

/// Short names used in definition files for code systems, and the URI FHIR knows each by.
///   snomed, icd10, loinc, cvx, nhs_ethnicity, dmd, bnf, opcs4, read2, ctv3, local
std::string_view system_uri(std::string_view short_name);  // empty when not known
std::string_view system_short_name(std::string_view uri);  // empty when not known

enum class Match : std::uint8_t {
  exact,        // this code
  descendants,  // this code and, where a hierarchy is loaded, everything below it
  prefix,       // every code that begins with it (ICD-10, BNF)
};

struct CodelistEntry {
  std::string system;  // short name
  std::string code;
  std::string display;
  Match match = Match::exact;
};

struct Codelist {
  std::string id;       // "diabetes"
  std::string version;  // "2026-03"
  std::string title;
  std::string kind;     // "register", "vaccine", "observation", "ethnicity", ...
  std::string unit;     // canonical UCUM unit of an observation, else empty
  std::string purpose;  // one plain sentence
  std::string source;
  std::vector<CodelistEntry> entries;
  std::string hash;  // SHA-256 of version and codes, hex
};

struct Codelists {
  std::vector<Codelist> lists;  // ordered by id
};

struct LoadedCodelists {
  Codelists codelists;
  Diagnostics diagnostics;
};

/// Reads and checks codelists/ of a definition folder.
LoadedCodelists load_codelists(const std::filesystem::path& system_folder);
LoadedCodelists load_codelists(system::Definitions definitions);

const Codelist* find_codelist(const Codelists& codelists, std::string_view id);
/// Whether a code is in the list by exact or prefix match; ICD-10 codes compare without their point.
bool contains(const Codelist& list, std::string_view system, std::string_view code);

/// One of the 19 census categories of ethnicity, with the code it is sent by and its group of five.
struct EthnicCategory {
  std::string id;        // "pakistani"
  std::string display;   // as the census words it
  std::string nhs_code;  // NHS Data Dictionary, A to S; several census categories may share one
  std::string group;     // "asian"
  std::string group_display;
};

struct Ethnicity {
  std::vector<EthnicCategory> categories;                     // in census order
  std::map<std::string, std::string, std::less<>> not_known;  // NHS code -> display, such as Z
};

struct LoadedEthnicity {
  Ethnicity ethnicity;
  Diagnostics diagnostics;
};

/// Reads ethnicity.csv of a definition folder.
LoadedEthnicity load_ethnicity(const std::filesystem::path& system_folder);
LoadedEthnicity load_ethnicity(system::Definitions definitions);
/// The group of an NHS code: "asian", "unknown" for not stated, empty when the code is not valid.
std::string_view ethnic_group(const Ethnicity& ethnicity, std::string_view nhs_code);

}  // namespace catchment::terminology
