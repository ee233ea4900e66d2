#include "records/assemble.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "db/db.h"
#include "records/block.h"
#include "records/people_writer.h"
#include "records/schema.h"
#include "records/sql.h"
#include "records/workspace.h"

namespace catchment::records {
namespace {

std::string quoted_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

void add_reference(db::Connection& connection, const Reference& reference) {
  for (const std::string_view statement : {sql::reference_area, sql::reference_deprivation, sql::reference_postcode, sql::reference_organisation,
                                           sql::reference_ethnicity, sql::reference_code, sql::reference_opt_out, sql::place_create})
    connection.query(statement);
  db::Appender places = connection.appender("place");
  std::map<std::string, std::int64_t> place_ids;
  for (const PlaceEntry& place : reference.places) {
    place_ids.emplace(place.id, static_cast<std::int64_t>(place_ids.size()) + 1);
    places.integer(place_ids[place.id]).text(place.id).text(place.name).end_row();
  }
  places.close();
  db::Appender areas = connection.appender("reference_area");
  db::Appender deciles = connection.appender("reference_deprivation");
  for (const Reference::Area& area : reference.areas) {
    const auto place = place_ids.find(area.place);
    areas.text(area.code).text(area.name).text(area.neighbourhood);
    areas.integer(place == place_ids.end() ? 0 : place->second).integer(area.deprivation_fifth).end_row();
    for (const auto& [version, decile] : area.deciles) deciles.text(area.code).text(version).integer(decile).end_row();
  }
  areas.close();
  deciles.close();
  db::Appender postcodes = connection.appender("reference_postcode");
  for (const Reference::Postcode& postcode : reference.postcodes) {
    std::string joined = postcode.postcode;
    joined.erase(std::remove(joined.begin(), joined.end(), ' '), joined.end());
    postcodes.text(joined).text(postcode.area).end_row();
  }
  postcodes.close();
  db::Appender organisations = connection.appender("reference_organisation");
  for (const OrganisationEntry& organisation : reference.organisations)
    organisations.text(organisation.code).text(organisation.name).text(organisation.kind).end_row();
  organisations.close();
  db::Appender ethnicities = connection.appender("reference_ethnicity");
  for (const Reference::Ethnicity& ethnicity : reference.ethnicities) ethnicities.text(ethnicity.code).text(ethnicity.display).text(ethnicity.group).end_row();
  ethnicities.close();
  db::Appender names = connection.appender("reference_code");
  for (const Reference::CodeName& name : reference.code_names) names.text(name.system).text(name.code).text(name.name).end_row();
  names.close();
  db::Appender opt_outs = connection.appender("reference_opt_out");
  for (const Reference::OptOut& one : reference.opt_outs) opt_outs.text(one.feed).text(one.kind).end_row();
  opt_outs.close();
}

// The clinical table with person ids, ordered for reading by code. Names come from schema.h only.
std::string clinical_create(const Table& table) {
  std::string columns = "p.person, s.source, s.line, s.organisation";
  std::string code, date;
  for (const Column& column : table.columns) {
    const std::string name = db::quoted_name(column.name);
    if (column.kind == Kind::word) columns += fmt::format(", TRY_CAST(s.{0} AS {1}) AS {0}", name, word_type(column));  // costs nothing where it is one already
    else columns += ", s." + name;
    if (column.kind == Kind::code && code.empty()) code = name + ", ";
    if (column.kind == Kind::date && date.empty()) date = ", " + name;
  }
  return fmt::format(
      "CREATE TABLE {0} AS SELECT {1} FROM staged.{2} s JOIN staged.person_of_subject p ON p.subject = s.subject "
      "ORDER BY {3}person{4}, source, line",
      db::quoted_name(table.name), columns, db::quoted_name("staged_" + std::string(table.name)), code, date);
}

// A table about nobody, in the order it was delivered.
std::string reference_create(const Table& table) {
  std::string columns = "source, line, organisation";
  for (const Column& column : table.columns) {
    const std::string name = db::quoted_name(column.name);
    if (column.kind == Kind::word) columns += fmt::format(", TRY_CAST({0} AS {1}) AS {0}", name, word_type(column));
    else columns += ", " + name;
  }
  return fmt::format("CREATE TABLE {} AS SELECT {} FROM staged.{} ORDER BY source, line", db::quoted_name(table.name), columns,
                     db::quoted_name("staged_" + std::string(table.name)));
}

std::int64_t count(db::Connection& connection, const std::string& table) {
  return std::get<std::int64_t>(connection.query("SELECT count(*) FROM " + table).single());
}

void create_clinical(db::Connection& connection, AssembleResult& result, Progress& progress) {
  std::map<std::string, std::int64_t> staged;
  std::uint64_t total = 0;
  for (const Table& table : tables) {
    staged[std::string(table.name)] = count(connection, "staged." + db::quoted_name("staged_" + std::string(table.name)));
    total += static_cast<std::uint64_t>(staged[std::string(table.name)]);
  }
  progress.step("ordering rows by code", total, "rows");
  for (const Table& table : tables) {
    const std::string name(table.name);
    connection.query(clinical_create(table));
    result.rows[name] = count(connection, db::quoted_name(table.name));
    if (result.rows[name] != staged[name])
      throw Error(ErrorKind::bug, fmt::format("table {} has {} rows where {} were staged: some subject has no person", name, result.rows[name], staged[name]));
    progress.advance(static_cast<std::uint64_t>(staged[name]));
  }
  for (const Table& table : reference_tables) {
    connection.query(reference_create(table));
    result.rows[std::string(table.name)] = count(connection, db::quoted_name(table.name));
  }
  progress.done();
}

void create_persons(db::Connection& connection, Date as_of, Progress& progress) {
  progress.step("choosing between sources", 0, "");
  connection.query(sql::ethnicity);
  connection.query(sql::source_rank);
  connection.query(sql::claim);
  connection.query(sql::current_registration, {as_of});
  connection.query(sql::former_registration, {as_of});
  connection.query(sql::registered_death, {as_of});
  connection.query(sql::person_create, {as_of});
  connection.query(sql::person_alternative_create);
  progress.done();
  progress.step("keeping identities apart", 0, "");
  for (const std::string_view statement : {sql::identity_row_create, sql::identity_create, sql::number_index_create, sql::name_index_create,
                                           sql::quarantine_create, sql::quarantine_fill, sql::resource_create, sql::resource_fill})
    connection.query(statement);
  progress.done();
}

void remove_old(const SnapshotFiles& files) {
  for (const auto& file : {files.population(), files.identity(), files.people()})
    for (const char* suffix : {"", ".wal", "-wal", "-shm", "-journal"}) std::filesystem::remove(file.string() + suffix);
}

// An empty file that only its owner may read, before anything is written into it.
void make_private(const std::filesystem::path& file) {
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

AssembleResult assemble(const Reference& reference, const AssembleSettings& settings, Progress& progress) {
  const SnapshotFiles files{settings.folder};
  remove_old(files);
  db::DuckOptions options;
  options.memory_limit = settings.memory_limit;
  options.threads = static_cast<int>(settings.threads);
  options.temporary_directory = settings.temporary_directory;
  { const db::Duck identity(files.identity(), options); }
  make_private(files.identity());

  AssembleResult result;
  db::Duck population(files.population(), options);
  make_private(files.population());
  {
    db::Connection connection = population.connect();
    connection.execute("ATTACH " + quoted_text(files.staged().string()) + " AS staged (READ_ONLY)");
    connection.execute("ATTACH " + quoted_text(files.identity().string()) + " AS identity");
    add_reference(connection, reference);
    for (const std::string_view statement :
         {sql::code_create, sql::unit_create, sql::organisation_create, sql::area_create, sql::area_deprivation_create, sql::source_create,
          sql::source_field_create, sql::source_table_create, sql::finding_create, sql::finding_count_create, sql::drift_create, sql::opt_out_create})
      connection.query(statement);
    create_clinical(connection, result, progress);
    create_persons(connection, settings.as_of, progress);
    const auto totals = connection.query(sql::person_totals).all();
    result.persons = std::get<std::int64_t>(totals[0][0]);
    result.residents = std::get<std::int64_t>(totals[0][1]);
    result.registered = std::get<std::int64_t>(totals[0][2]);
    connection.execute("CHECKPOINT identity");
    connection.execute("CHECKPOINT");
  }
  const PeopleResult people = write_people(population, {files.people(), settings.temporary_directory, settings.threads}, progress);
  make_private(files.people());
  result.block_bytes = people.bytes;
  result.digest = people.digest;
  return result;
}

}  // namespace catchment::records
