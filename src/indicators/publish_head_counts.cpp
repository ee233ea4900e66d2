// Everyone of a snapshot counted, and the counts kept beside it and remembered.
#include <unordered_map>

#include "indicators/figure_store.h"
#include "indicators/head_counts.h"
#include "indicators/publication_store.h"
#include "indicators/sql.h"

namespace catchment::indicators {

namespace {

constexpr std::string_view remembered_as = "head-counts";  // its name among the publications of measures

std::vector<PeopleAlike> read_people(db::Connection& population, const GroupLists& lists, Date as_of) {
  std::unordered_map<std::string_view, std::size_t> areas, practices;
  for (std::size_t i = 1; i < lists.areas.size(); ++i) areas.emplace(lists.areas[i], i);
  for (std::size_t i = 1; i < lists.practices.size(); ++i) practices.emplace(lists.practices[i], i);
  const auto found = [](const auto& of, std::string_view code) {
    const auto at = of.find(code);
    return at == of.end() ? std::size_t{0} : at->second;
  };
  std::vector<PeopleAlike> people;
  db::Rows rows = population.query(sql::head_count_people, {as_of});
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      PeopleAlike& alike = people.emplace_back();
      alike.area = found(areas, chunk.text(0, r)), alike.practice = found(practices, chunk.text(1, r));
      alike.resident = chunk.integer(2, r) != 0, alike.registered = chunk.integer(3, r) != 0;
      alike.sex = static_cast<std::size_t>(chunk.integer(4, r)), alike.ethnic_group = static_cast<std::size_t>(chunk.integer(5, r));
      alike.age_band = static_cast<std::size_t>(chunk.integer(6, r));
      alike.opted_out = chunk.integer(7, r) != 0, alike.not_met = chunk.integer(8, r) != 0;
      alike.people = chunk.integer(9, r);
    }
  }
  return people;
}

}  // namespace

PublishedHeadCounts publish_head_counts(db::Connection& population, const system::System& system, Date as_of, const std::filesystem::path& figures_file) {
  system::Definitions definitions(system.folder);
  const disclosure::Policy policy = disclosure::policy_on(disclosure::load_policies(definitions), as_of);
  const GroupLists lists = group_lists(system);
  const std::vector<PeopleAlike> people = read_people(population, lists, as_of);
  const Date month = Date::from_ymd(as_of.year(), as_of.month(), 1);
  db::Sqlite database = open_figures(figures_file);
  PublicationStore publications(publications_file(figures_file));
  db::Transaction remembering = publications.begin();
  db::Transaction transaction(database);
  disclosure::Memory earlier = publications.read(std::string(remembered_as), month);
  const std::vector<HeadCount> counts = head_counts_of(people, lists, policy, earlier);
  publications.keep(std::string(remembered_as), month, earlier);
  database.prepare(sql::head_count_forget).run();
  db::Statement keep = database.prepare(sql::head_count_keep);
  PublishedHeadCounts published;
  for (const HeadCount& each : counts) {
    keep.bind(each.name).bind(each.count).bind((each.held_back ? 2 : 0) + (each.withheld ? 4 : 0)).run();
    ++published.counts;
    published.hidden += each.count ? 0 : 1;
  }
  remembering.commit();  // first: what is remembered and did not leave hides too much at worst
  transaction.commit();
  settle_figures(database);
  return published;
}

}  // namespace catchment::indicators
