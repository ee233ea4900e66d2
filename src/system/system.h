// The definition folder of one integrated care system, read and checked.
// In: a folder of CSV and TOML files edited by people (see docs in the folder's README).
// Out: plain structs and every fault found, each with file, line, column and a likely fix.
// Always holds: ids are unique within their table, and when there are no errors every id that one
// row uses of another table exists there. Nothing about any particular system is in the code.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/diagnostic.h"
#include "system/definitions.h"

namespace catchment::system {

/// One version of the national deprivation index; 1 is the most deprived decile.
struct DeprivationIndex {
  std::string version;  // "2025"
  std::string title;
  std::string geography;  // the small-area vintage it was published on
};

struct Place {
  std::string id;    // "luton"
  std::string code;  // the statistics office's code of the council area
  std::string name;
  std::string council;  // organisation id
  std::int64_t residents = 0;
  std::int64_t households = 0;
  std::string description;  // one sentence for a resident
  int column = 0, row = 0;  // where its name stands on the tile grid
};

/// A neighbourhood is its own geography: a set of small areas. It is not a primary care network.
struct Neighbourhood {
  std::string id;
  std::string name;
  std::string place;     // place id
  bool example = false;  // an invented name
};

struct SmallArea {
  std::string code;
  std::string name;
  std::string place;
  std::string neighbourhood;
  std::int64_t residents = 0;
  int column = 0, row = 0;   // tile grid: "odd-r" offset hexagons (odd rows stand half a tile to the right)
  std::vector<int> deciles;  // in the order of System::deprivation_indices; 0 = not known
};

struct Postcode {
  std::string postcode;  // one blank before the inward part: "LU99 1AA"
  std::string small_area;
  std::optional<Date> ended;
};

enum class OrganisationKind : std::uint8_t {
  care_board,
  clinical_commissioning_group,
  sub_board_location,
  council,
  hospital_trust,
  community_trust,
  mental_health_trust,
  ambulance_trust,
  urgent_care_provider,
  healthwatch,
  voluntary,
  national_body,
  regulator,
  other,
};
/// The word used in definition files: "hospital_trust".
std::string_view to_string(OrganisationKind kind);
std::optional<OrganisationKind> organisation_kind(std::string_view word);

/// A legal person or reporting unit for the time it had this code and role. Codes may be used again,
/// so look one up with its date.
struct Organisation {
  std::string id;           // "beds-hospitals"
  std::string code;         // "RC9"
  std::string code_system;  // "ods", "ons" or "local" (local codes are ours)
  std::string name;
  std::string short_name;
  OrganisationKind kind = OrganisationKind::other;
  bool core_partner = false;
  bool in_area = true;                    // false: stands outside the system and treats some of its residents
  std::optional<double> share_from_area;  // of its patients, how many live here (0 to 1)
  std::vector<std::string> places;        // place ids it mainly serves; empty = all
  std::optional<Date> opened, closed;     // closed: the last day it existed
  bool expected = false;                  // announced, not yet confirmed
  std::string description;
};

/// One hop of organisation change. Legal succession, the code's and the functions' are separate.
struct Succession {
  std::string from, to;  // organisation ids
  Date on;               // the successor's first day
  std::string what;      // "legal", "code" or "functions"
  bool expected = false;
  std::string note;
};

struct Network {
  std::string id;
  std::string name;
  std::string place;
  bool example = false;  // invented placeholder, not an official network
};

struct Practice {
  std::string code;
  std::string name;
  bool example = false;  // invented
  std::string place;
  std::string network;        // network id, may be empty
  std::string small_area;     // where it stands
  std::string neighbourhood;  // where it stands
  std::int64_t list_size = 0;
  std::string record_system;  // "emis", "tpp", ...
  std::optional<Date> opened, closed;
};

/// One published figure, kept with its source. `place` is a place id, "all" (the whole system) or
/// "england"; `group` names the age band, condition and so on of its table.
struct PublishedFigure {
  std::string table;  // file name without .csv: "age_shares"
  std::string place;
  std::string group;
  double value = 0;
  std::string unit;  // "percent", "people", "years", ...
  std::string period;
  std::string source;  // id in published/sources.csv
};

struct Source {
  std::string id;
  std::string title;
  std::string where;
  std::string standing;  // "published", "transcribed", "calculated" or "undated"
};

struct System {
  std::filesystem::path folder;
  std::string id;          // "blmk"
  std::string name;        // "Bedfordshire, Luton and Milton Keynes"
  std::string short_name;  // "BLMK"
  std::string title;       // what the partnership calls itself
  std::string zone;        // clinical dates are calendar dates in this zone
  bool synthetic = false;  // every page says so
  Date as_of;              // demonstration date: what "today" means until a build says otherwise
  std::int64_t represented_population = 0;
  std::string board;                // organisation id of the care board
  std::string deprivation_version;  // the one used unless asked otherwise

  std::vector<DeprivationIndex> deprivation_indices;
  std::vector<Place> places;  // in the order they are shown
  std::vector<Neighbourhood> neighbourhoods;
  std::vector<SmallArea> small_areas;  // ordered by code
  std::vector<Postcode> postcodes;     // ordered by postcode
  std::vector<Organisation> organisations;
  std::vector<Succession> successions;
  std::vector<Network> networks;
  std::vector<Practice> practices;  // ordered by code
  std::vector<Source> sources;
  std::vector<PublishedFigure> published;  // ordered by table, place, group
};

struct LoadedSystem {
  System system;
  Diagnostics diagnostics;  // no errors: `system` may be used
};

/// Reads and checks a definition folder. Does not throw for anything written in it.
LoadedSystem load_system(const std::filesystem::path& folder);

/// Look-ups; null when there is none.
const Place* find_place(const System& system, std::string_view id);
const Neighbourhood* find_neighbourhood(const System& system, std::string_view id);
const SmallArea* find_small_area(const System& system, std::string_view code);
const Postcode* find_postcode(const System& system, std::string_view postcode);
const Practice* find_practice(const System& system, std::string_view code);
const Network* find_network(const System& system, std::string_view id);
const Organisation* find_organisation(const System& system, std::string_view id);
/// The organisation that had this code on that day; when none had, the last one that did.
const Organisation* find_organisation_by_code(const System& system, std::string_view code, Date on);
std::optional<double> find_published(const System& system, std::string_view table, std::string_view place,
                                     std::string_view group);
/// 1 to 10 (1 most deprived) under that version of the index; 0 when not known.
int deprivation_decile(const System& system, const SmallArea& area, std::string_view version);
/// 1 to 5 (1 most deprived); 0 when not known.
int deprivation_fifth(const System& system, const SmallArea& area, std::string_view version);

/// "lu991aa" -> "LU99 1AA"; empty when it has not the shape of a postcode.
std::string normal_postcode(std::string_view text);

}  // namespace catchment::system
