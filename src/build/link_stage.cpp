#include "build/link_stage.h"

#include <fmt/core.h>

#include <map>
#include <tuple>

#include "base/error.h"
#include "build/placement_store.h"
#include "build/review_queue.h"
#include "build/sql.h"

namespace catchment::build {
namespace {

std::string text_of(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  return chunk.is_null(column, row) ? std::string() : std::string(chunk.text(column, row));
}

bool flag_of(const db::Chunk& chunk, std::size_t column, std::size_t row) { return !chunk.is_null(column, row) && chunk.integer(column, row) != 0; }

struct Rows {
  linkage::IdentityTable table;
  std::vector<std::int64_t> subjects;  // of each row of the table
  std::vector<RowPlace> places;
};

// The groups in which subject keys are unique, each with its lasting id and what its feeds promise.
class Groups {
 public:
  explicit Groups(Authored& authored) : authored_(authored) {}

  SourceId find(const std::string& kind, const std::string& domain, const std::string& organisation) {
    const auto key = std::tuple(kind, domain, organisation);
    const auto found = ids_.find(key);
    if (found != ids_.end()) return found->second;
    return ids_.emplace(key, authored_.link_source(kind, domain, organisation)).first->second;
  }

  std::vector<linkage::SourceRules> rules(db::Connection& connection) {
    std::vector<linkage::SourceRules> all;
    db::Rows rows = connection.query(sql::link_groups);
    db::Chunk chunk;
    while (rows.next(chunk)) {
      for (std::size_t r = 0; r < chunk.rows(); ++r) {
        linkage::SourceRules& one = all.emplace_back();
        one.name = text_of(chunk, 0, r) + " " + text_of(chunk, 1, r) + " " + text_of(chunk, 2, r);
        one.source = find(text_of(chunk, 0, r), text_of(chunk, 1, r), text_of(chunk, 2, r));
        one.one_row_per_person = flag_of(chunk, 3, r);
        one.postcode_is_incident = flag_of(chunk, 4, r);
      }
    }
    return all;
  }

 private:
  Authored& authored_;
  std::map<std::tuple<std::string, std::string, std::string>, SourceId> ids_;
};

std::uint16_t flags_of(const db::Chunk& chunk, std::size_t row) {
  std::uint16_t flags = 0;
  const std::string status = text_of(chunk, 6, row);
  if (status == "verified" || status == "traced") flags |= linkage::flag_number_verified;
  if (status == "reissued") flags |= linkage::flag_identity_reissued;
  if (flag_of(chunk, 15, row)) flags |= linkage::flag_restricted;
  if (flag_of(chunk, 16, row)) flags |= linkage::flag_incident_postcode;
  return flags;
}

Rows read_rows(db::Connection& connection, Groups& groups, Progress& progress) {
  Rows read;
  const auto count = std::get<std::int64_t>(connection.query(sql::link_row_count).single());
  read.table.reserve(static_cast<std::size_t>(count));
  read.subjects.reserve(static_cast<std::size_t>(count));
  read.places.reserve(static_cast<std::size_t>(count));
  progress.step("reading identities", static_cast<std::uint64_t>(count), "rows");
  db::Rows rows = connection.stream(sql::link_row_read);
  db::Chunk chunk;
  std::string cells[9];
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const std::string kind = text_of(chunk, 1, r), key = text_of(chunk, 4, r);
      linkage::IdentityRow row;
      row.source = groups.find(kind, text_of(chunk, 2, r), text_of(chunk, 3, r));
      row.key = key;
      if (kind != "pseudonym") {
        for (std::size_t c = 0; c < std::size(cells); ++c) cells[c] = text_of(chunk, c == 0 ? 5 : c + 6, r);
        row.nhs_number = cells[0];
        row.given_names = cells[1];
        row.family_name = cells[2];
        row.date_of_birth = cells[3];
        row.sex = cells[4];
        row.postcode = cells[5];
        row.address_line = cells[6];
        row.telephone = cells[7];
        row.email = cells[8];
        row.flags = flags_of(chunk, r);
      }
      read.table.add(row);
      read.subjects.push_back(chunk.integer(0, r));
      read.places.push_back({chunk.is_null(17, r) ? 0 : static_cast<std::int32_t>(chunk.integer(17, r)),
                             chunk.is_null(18, r) ? 0 : static_cast<std::uint32_t>(chunk.integer(18, r))});
    }
    progress.advance(chunk.rows());
  }
  progress.done();
  return read;
}

void write_persons(db::Connection& connection, const Rows& rows, const std::vector<PersonId>& persons) {
  connection.query(sql::person_of_subject_drop);
  connection.query(sql::person_of_subject_create);
  db::Appender appender = connection.appender("person_of_subject");
  for (std::size_t i = 0; i < rows.subjects.size(); ++i) {
    if (i > 0 && rows.subjects[i] == rows.subjects[i - 1]) {
      if (persons[i] != persons[i - 1]) throw Error(ErrorKind::bug, "linkage gave one subject two persons");
      continue;
    }
    appender.integer(rows.subjects[i]).integer(persons[i].value).end_row();
  }
  appender.close();
}

// The link weights to use: those of an earlier build, unless there is a reason to train.
std::optional<KeptBasis> basis_to_use(Authored& authored, const LinkOptions& choices, LinkWork& work) {
  if (choices.train) {
    work.why_trained = "asked to";
    return {};
  }
  std::optional<KeptBasis> kept = authored.read_basis();
  if (!kept) work.why_trained = "none were kept";
  else if (kept->found.definition != choices.definition) work.why_trained = "the linkage model changed";
  if (!work.why_trained.empty()) return {};
  return kept;
}

std::string name_of(const linkage::LinkBasis& basis) { return fmt::format("{:016x}", linkage::basis_hash(basis)); }

// Where loose identities went last time, if it may be taken over.
std::optional<linkage::KeptPlacements> placements_to_use(const LinkOptions& choices, const PlacementsHold& hold, LinkWork& work) {
  if (choices.placements.empty()) return {};
  if (hold.basis.empty()) work.why_all_placed = "link weights are found anew";
  else if (choices.place_all) work.why_all_placed = "asked to";
  if (!work.why_all_placed.empty()) return {};
  ReadPlacements read = read_placements(choices.placements, hold);
  work.why_all_placed = read.why_not;
  return std::move(read.kept);
}

// What the run made of what it was given.
void tell_work(const linkage::LinkResult& result, const std::optional<KeptBasis>& used, LinkWork& work) {
  work.loose = static_cast<std::int64_t>(result.counts.loose), work.taken_over = static_cast<std::int64_t>(result.counts.taken_over);
  if (!result.placements) {
    work = {};
    work.why_trained = work.why_all_placed = "too few people are known by an NHS number";
  } else if (!result.trained) {
    work.weights_of = used->snapshot, work.weights_from = used->built_at;
  } else if (work.why_trained.empty()) {
    work.why_trained = "those kept were found for another model";
  }
}

}  // namespace

LinkStage link_subjects(const std::filesystem::path& staged, const db::DuckOptions& options, Authored& authored, Instant at, Receipt& receipt,
                        Progress& progress, const LinkOptions& choices) {
  const db::Duck duck(staged, options);
  db::Connection connection = duck.connect();
  Groups groups(authored);
  linkage::LinkSettings settings;
  settings.sources = groups.rules(connection);
  settings.at = at;
  settings.model = choices.model;
  settings.keep_lookup = settings.keep_placements = true;
  settings.threads = static_cast<unsigned>(options.threads);
  LinkStage stage;
  stage.previous = authored.read_register();
  const std::optional<KeptBasis> basis = basis_to_use(authored, choices, receipt.link_work);
  PlacementsHold hold{program_hash(), choices.definition, basis ? name_of(basis->found.basis) : ""};
  const std::optional<linkage::KeptPlacements> placements = placements_to_use(choices, hold, receipt.link_work);
  settings.basis = basis ? &basis->found.basis : nullptr;
  settings.placements = placements ? &*placements : nullptr;
  progress.step(basis ? "link weights of the build of " + basis->built_at : "link weights are found anew: " + receipt.link_work.why_trained, 0, "");
  progress.done();
  const Rows rows = read_rows(connection, groups, progress);
  linkage::LinkResult result = linkage::link_identities(rows.table, stage.previous, settings, progress);
  write_persons(connection, rows, result.person);
  write_queue(connection, rows.table, rows.places, result);
  connection.execute("CHECKPOINT");

  receipt.persons = static_cast<std::int64_t>(result.counts.persons);
  receipt.subjects = std::get<std::int64_t>(connection.query(sql::subject_count).single());
  receipt.review_pairs = static_cast<std::int64_t>(result.review.size());
  receipt.review_left_out = static_cast<std::int64_t>(result.review_left_out);
  receipt.unlinkable = static_cast<std::int64_t>(result.counts.unlinkable_rows);
  for (const linkage::Edge& edge : result.edges) ++receipt.links[std::string(linkage::to_string(edge.reason))];
  for (const linkage::Finding& finding : result.findings) receipt.link_findings[finding.rule] += static_cast<std::int64_t>(finding.rows.size());
  stage.next = std::move(result.next_register);
  stage.events = std::move(result.events);
  stage.lookup = std::move(result.lookup);
  tell_work(result, basis, receipt.link_work);
  if (result.trained) {
    hold.basis = name_of(*result.trained);
    stage.trained = {std::move(*result.trained), choices.definition};
  }
  if (result.placements && !choices.placements.empty()) write_placements(choices.placements, hold, *result.placements);
  return stage;
}

std::string person_index_hash(const std::filesystem::path& staged, const db::DuckOptions& options) {
  const db::Duck duck(staged, options);
  return db::to_string(duck.connect().query(sql::person_index_hash).single());
}

}  // namespace catchment::build
