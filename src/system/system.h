// The definition folder of one integrated care system, read and checked.
// In: a folder of CSV and TOML files edited by people (see docs in the folder's README).
// Out: plain structs and every fault found, each with file, line, column and a likely fix.
// Always holds: ids are unique within their table, and when there are no errors every id that one
// row uses of another table exists there. Nothing about any particular system is in the code.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/diagnostic.h"
#include "system/definitions.h"
#include "system/geography_import.h"

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
  general_practice,
  care_home,
  independent_provider,
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

/// A seat on a body: who sits there by office, never a named person.
struct Seat {
  std::string title;
  int count = 1;
  std::string from;  // id of the organisation or body that fills it; empty: nobody's in particular
  bool chair = false;
  bool votes = true;
};

/// A board, committee, partnership or collaborative: something that meets. `level` says where it stands in
/// the picture of who is who.
struct Body {
  std::string id;
  std::string name;
  std::string short_name;
  std::string kind;   // "board", "committee", "partnership", "collaborative", "governing_body", "council",
                      // "national", "forum"
  std::string level;  // "nation", "system", "place", "provider", "neighbourhood"
  std::string place;  // place id, or empty for the whole area
  std::string organisation;  // the legal body it governs, when it governs one
  bool statutory = false;
  bool expected = false;
  std::optional<Date> established, ended;            // ended: the last day
  std::string purpose;                               // what it is for, one or two plain sentences
  std::string decides, pays, provides, scrutinises;  // one plain sentence each; empty: it does not
  bool meets_in_public = false;
  int notice_clear_days = 0;  // papers must be out this many clear days ahead; 0: no rule known
  std::string source;
  std::vector<Seat> seats;

  bool stood_on(Date day) const { return (!established || *established <= day) && (!ended || day <= *ended); }
};

/// A line in the picture: from one body or organisation to another.
struct BodyLink {
  std::string from, to;  // body or organisation ids
  std::string kind;      // see body_link_kinds
  std::string sentence;  // "The board answers to NHS England for ..."
};
inline constexpr std::array<std::string_view, 9> body_link_kinds = {"answers_to",   "pays",    "scrutinises",  "advises",     "sets_strategy_for",
                                                                    "appointed_by", "part_of", "delivers_for", "succeeded_by"};

/// A post with a limit up to which its holder may decide about money.
struct Post {
  std::string id;
  std::string title;
  std::string body;  // body id
  std::int64_t limit_pence = 0;
  std::optional<Date> from, to;
};

struct FocusArea {
  std::string id;
  std::string title;
  std::string description;
  std::vector<std::string> programmes;  // short plain phrases
};

/// A priority or an enabler of the strategy.
struct StrategyItem {
  std::string id;
  std::string title;
  std::string aim;
  std::vector<FocusArea> focus;
};

/// The one thread the first five minutes follow from priority to figure.
struct FirstThread {
  std::string priority, focus;
  std::string measure;   // id of the measure
  std::string codelist;  // what is counted
  std::string title;
  std::string question;
  double goal_percent = 0;
  std::string why;
};

struct Strategy {
  std::string title;
  std::string vision;
  std::string approved_by;  // body id
  std::optional<Date> approved;
  std::vector<StrategyItem> purposes;  // what the system is for: no focus areas
  std::vector<StrategyItem> priorities;
  std::vector<StrategyItem> enablers;
  std::optional<FirstThread> first_thread;
};

/// A service that is commissioned, with the kinds of provider that give it.
struct Service {
  std::string id;
  std::string name;
  std::string group;  // heading it stands under
  std::string description;
  std::string commissioner;  // organisation id, or "councils" for each council in its own area
  std::vector<OrganisationKind> provider_kinds;
  std::vector<std::string> providers;   // organisation ids known to give it; may be empty
  std::vector<std::string> priorities;  // strategy priorities it serves
};

/// What a strategy document promises, and where it can be looked up.
struct Promise {
  std::string id;
  std::string serves;   // id of a purpose, priority, focus area or enabler; may be empty
  std::string source;   // the document
  std::string promise;  // in our own words
  std::string held_as;  // "measure", "series", "page" or "not held"
  std::string what;     // id of the measure or series, name of the page; empty when not held
  std::string because;  // why it is not held
  int line = 0;
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
  std::vector<Body> bodies;                // in the order they are shown
  std::vector<BodyLink> body_links;
  std::vector<Post> posts;
  Strategy strategy;
  std::vector<Service> services;
  std::vector<Promise> promises;
};

struct LoadedSystem {
  System system;
  Diagnostics diagnostics;  // no errors: `system` may be used
};

/// Reads and checks a definition folder. Does not throw for anything written in it.
LoadedSystem load_system(const std::filesystem::path& folder);
LoadedSystem load_system(Definitions definitions);

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
const Body* find_body(const System& system, std::string_view id);
const Service* find_service(const System& system, std::string_view id);
const StrategyItem* find_priority(const System& system, std::string_view id);
std::optional<double> find_published(const System& system, std::string_view table, std::string_view place, std::string_view group);
/// 1 to 10 (1 most deprived) under that version of the index; 0 when not known.
int deprivation_decile(const System& system, const SmallArea& area, std::string_view version);
/// 1 to 5 (1 most deprived); 0 when not known.
int deprivation_fifth(const System& system, const SmallArea& area, std::string_view version);

/// "lu991aa" -> "LU99 1AA"; empty when it has not the shape of a postcode.
std::string normal_postcode(std::string_view text);

/// The organisations that existed on a day (expected ones only from their expected day), in file order.
std::vector<const Organisation*> organisations_on(const System& system, Date day);
std::vector<const Body*> bodies_on(const System& system, Date day);

/// Where an organisation's people, money or code went, hop by hop, up to a day. More than one end means a
/// split; the organisation itself when nothing had succeeded it. `what` is "legal", "code" or "functions".
struct Successors {
  std::vector<const Succession*> hops;  // in date order
  std::vector<const Organisation*> ends;
};
Successors successors(const System& system, std::string_view organisation, std::string_view what, Date day);

}  // namespace catchment::system
