#include "api/resident_lanes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace catchment::api {

namespace {

using records::BlockTable;
using records::Kind;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> lanes = {{{"general-practice", "General practice"},
                                                                                 {"hospital", "Hospital"},
                                                                                 {"emergency", "Emergency"},
                                                                                 {"community", "Community"},
                                                                                 {"mental-health", "Mental health"},
                                                                                 {"ambulance", "Ambulance"},
                                                                                 {"social-care", "Social care"},
                                                                                 {"voluntary", "Voluntary sector"},
                                                                                 {"other", "Other"}}};

std::string lane_of_setting(std::string_view setting) {
  if (setting == "maternity") return "hospital";
  if (setting == "urgent") return "emergency";
  if (setting == "public-health") return "general-practice";
  for (const auto& [id, title] : lanes)
    if (id == setting) return std::string(id);
  return "other";
}

/// The lane of an encounter is that of what happened, whoever sent it.
std::string lane_of_encounter(std::string_view kind, std::string_view setting) {
  if (kind == "appointment" || kind == "consultation") return "general-practice";
  if (kind == "spell" || kind == "episode" || kind == "outpatient" || kind == "maternity" || kind == "waiting" || kind == "virtual") return "hospital";
  if (kind == "emergency" || kind == "call-111" || kind == "out-of-hours") return "emergency";
  if (kind == "community" || kind == "mental-health" || kind == "ambulance" || kind == "social-care" || kind == "voluntary") return std::string(kind);
  return lane_of_setting(setting);
}

std::string title_of_encounter(std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> titles = {{{"appointment", "Appointment"},
                                                                                            {"consultation", "Consultation"},
                                                                                            {"spell", "Hospital stay"},
                                                                                            {"episode", "Hospital episode"},
                                                                                            {"outpatient", "Outpatient appointment"},
                                                                                            {"emergency", "Emergency attendance"},
                                                                                            {"community", "Community contact"},
                                                                                            {"mental-health", "Mental health contact"},
                                                                                            {"ambulance", "Ambulance"},
                                                                                            {"call-111", "Call to 111"},
                                                                                            {"out-of-hours", "Out-of-hours contact"},
                                                                                            {"social-care", "Social care contact"},
                                                                                            {"voluntary", "Voluntary sector contact"},
                                                                                            {"maternity", "Maternity contact"},
                                                                                            {"waiting", "Waiting list"},
                                                                                            {"virtual", "Virtual ward"}}};
  for (const auto& [word, title] : titles)
    if (word == kind) return std::string(title);
  return "Contact";
}

Text word_of(const BlockTable& table, std::string_view column, std::size_t row) {
  const auto at = table.column(column);
  if (table.is_null(at, row)) return std::nullopt;
  return std::string(table.word(at, row));
}

bool in_error(const BlockTable& table, std::size_t row) {
  for (std::size_t i = 0; i < table.table->columns.size(); ++i)
    if (table.table->columns[i].name == "status") return !table.is_null(i, row) && table.word(i, row) == "entered-in-error";
  return false;
}

}  // namespace

std::string table_title(std::string_view table) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> titles = {{{"registration", "Registrations"},
                                                                                            {"residence", "Homes"},
                                                                                            {"condition", "Problems"},
                                                                                            {"observation", "Results and measurements"},
                                                                                            {"medication", "Medicines"},
                                                                                            {"encounter", "Contacts and stays"},
                                                                                            {"procedure", "Procedures"},
                                                                                            {"immunisation", "Vaccinations"},
                                                                                            {"allergy", "Allergies"},
                                                                                            {"referral", "Referrals"},
                                                                                            {"care_service", "Care services"},
                                                                                            {"care_plan", "Care plans"},
                                                                                            {"screening", "Screening"},
                                                                                            {"death", "Death"}}};
  for (const auto& [name, title] : titles)
    if (name == table) return std::string(title);
  return std::string(table);
}

std::vector<Lane> lanes_of(const std::vector<TimelineEvent>& timeline) {
  std::vector<Lane> found;
  for (const auto& [id, title] : lanes) {
    const auto events = std::count_if(timeline.begin(), timeline.end(), [&](const auto& event) { return event.lane == id; });
    if (events > 0) found.push_back({std::string(id), std::string(title), events});
  }
  return found;
}

const BlockTable* RecordReader::open(std::string_view name) const { return filter.hides_table(name) ? nullptr : block.find(name); }

std::string RecordReader::label(CodeId code) const {
  if (code.value == 0) return "Not coded";
  const auto& entry = dictionaries.code(code);
  return entry.display.empty() ? entry.code : entry.display;
}

Text RecordReader::organisation(OrganisationId id) const {
  if (id.value == 0 || restricted) return std::nullopt;
  const auto& entry = dictionaries.organisation(id);
  return entry.name.empty() ? entry.code : entry.name;
}

/// Rows with a code the filter hides, and rows entered in error, are not shown.
bool RecordReader::hidden(const BlockTable& table, std::size_t row) const {
  for (std::size_t i = 0; i < table.table->columns.size(); ++i)
    if (table.table->columns[i].kind == Kind::code && filter.hides(table.code(i, row))) return true;
  return in_error(table, row);
}

void RecordReader::note_source(SourceId source, Day date) {
  Day& latest = latest_by_feed[dictionaries.source(source).feed];
  if (date && *date <= today && (!latest || *date > *latest)) latest = date;
}

/// What a row says beside its code and dates, in words; nothing when it says no more.
Text RecordReader::detail_of(const BlockTable& table, std::size_t row) const {
  std::vector<std::string> parts;
  const std::string_view name = table.table->name;
  const auto filled = [&](std::string_view column) { return !table.is_null(table.column(column), row); };
  const auto word = [&](std::string_view column, std::string_view before = "") {
    auto text = word_of(table, column, row);
    if (!text) return;
    std::replace(text->begin(), text->end(), '-', ' ');
    parts.push_back(std::string(before) + *text);
  };
  if (name == "medication") {
    if (filled("quantity")) {
      std::string text = fmt::format("{:g}", table.number(table.column("quantity"), row));
      if (filled("unit")) text += " " + dictionaries.unit(static_cast<std::int32_t>(table.integer(table.column("unit"), row)));
      parts.push_back(text);
    }
    if (filled("days")) parts.push_back(fmt::format("for {} days", table.integer(table.column("days"), row)));
  } else if (name == "care_service") {
    word("kind");
    word("setting");
    if (filled("provider"))
      if (const auto provider = organisation({static_cast<std::int32_t>(table.integer(table.column("provider"), row))})) parts.push_back("by " + *provider);
    if (filled("cost")) parts.push_back(fmt::format("£{:.2f} a week", static_cast<double>(table.integer(table.column("cost"), row)) / 100));
  } else if (name == "screening") {
    word("result");
  } else if (name == "referral") {
    word("priority");
    word("status");
  } else if (name == "death") {
    word("place", "at: ");
  } else if (name == "immunisation" && filled("dose")) {
    parts.push_back(fmt::format("dose {}", table.integer(table.column("dose"), row)));
  }
  if (parts.empty()) return std::nullopt;
  std::string text = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) text += ", " + parts[i];
  return text;
}

void RecordReader::add_events(ResidentRecord& record, std::string_view name, std::string_view start, std::string_view end, std::string_view words, int weight) {
  const BlockTable* table = open(name);
  if (table == nullptr) return;
  const auto start_at = table->column(start), code_at = table->column("code");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const auto date = table->date(start_at, row);
    note_source(table->source(row), date);
    if (!date || hidden(*table, row)) continue;
    TimelineEvent event;
    event.lane = lane_of_setting(setting_of(table->source(row)));
    event.kind = name;
    event.start = *date;
    if (!end.empty()) {
      event.end = table->date(table->column(end), row);
      event.open = !event.end;
    }
    event.title = std::string(words) + (words.empty() ? "" : ": ") + label(table->code(code_at, row));
    event.detail = detail_of(*table, row);
    event.organisation = organisation(table->organisation(row));
    event.feed = dictionaries.source(table->source(row)).feed;
    event.weight = weight;
    record.timeline.push_back(std::move(event));
  }
}

void RecordReader::add_encounters(ResidentRecord& record) {
  const BlockTable* table = open("encounter");
  if (table == nullptr) return;
  const auto kind_at = table->column("kind"), code_at = table->column("code"), start_at = table->column("start_date"), end_at = table->column("end_date");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const auto date = table->date(start_at, row);
    note_source(table->source(row), date);
    if (!date || hidden(*table, row)) continue;
    const std::string kind = table->is_null(kind_at, row) ? "" : std::string(table->word(kind_at, row));
    TimelineEvent event;
    event.lane = lane_of_encounter(kind, setting_of(table->source(row)));
    event.kind = kind.empty() ? "encounter" : kind;
    event.start = *date;
    event.end = table->date(end_at, row);
    event.open = !event.end && word_of(*table, "status", row) == "in-progress";
    event.title = title_of_encounter(kind);
    std::string detail = table->code(code_at, row).value == 0 ? "" : label(table->code(code_at, row));
    if (const CodeId specialty = table->code(table->column("specialty"), row); specialty.value != 0 && specialty.value != table->code(code_at, row).value)
      detail += (detail.empty() ? "" : "; ") + label(specialty);
    const auto status = word_of(*table, "status", row);
    if (status == "did-not-attend" || status == "cancelled")
      detail += (detail.empty() ? "" : "; ") + std::string(*status == "cancelled" ? "cancelled" : "did not attend");
    if (word_of(*table, "admission_method", row) == "emergency") detail += (detail.empty() ? "" : "; ") + std::string("emergency admission");
    if (!detail.empty()) event.detail = detail;
    event.organisation = organisation(table->organisation(row));
    event.feed = dictionaries.source(table->source(row)).feed;
    event.weight = kind == "spell" || kind == "emergency"                                          ? 3
        : kind == "ambulance" || kind == "outpatient" || kind == "maternity" || kind == "call-111" ? 2
                                                                                                   : 1;
    record.timeline.push_back(std::move(event));
  }
}

void RecordReader::read_timeline(ResidentRecord& record) {
  add_encounters(record);
  add_events(record, "condition", "onset_date", "", "", 2);
  add_events(record, "procedure", "date", "", "", 2);
  add_events(record, "immunisation", "date", "", "Vaccination", 1);
  add_events(record, "referral", "date", "", "Referral", 1);
  add_events(record, "care_service", "start_date", "end_date", "", 2);
  add_events(record, "care_plan", "date", "", "Care plan", 2);
  add_events(record, "screening", "date", "", "Screening", 1);
  add_events(record, "death", "date", "", "Died", 3);
  for (const char* name : {"observation", "medication"})
    if (const BlockTable* table = open(name))
      for (std::size_t row = 0; row < table->rows(); ++row) note_source(table->source(row), table->date(table->column("date"), row));
}

RecordItem RecordReader::item(const BlockTable& table, std::size_t row, std::string_view date) const {
  RecordItem item;
  item.title = label(table.code(table.column("code"), row));
  item.date = table.date(table.column(date), row);
  item.status = word_of(table, "status", row);
  item.detail = detail_of(table, row);
  item.organisation = organisation(table.organisation(row));
  return item;
}

void RecordReader::read_lists(ResidentRecord& record) const {
  // One line for each code: the first date of a problem, the last of a medicine.
  const auto once = [&](std::string_view name, std::string_view date, bool first, auto&& keep) {
    std::map<std::string, RecordItem> by_title;
    if (const BlockTable* table = open(name))
      for (std::size_t row = 0; row < table->rows(); ++row) {
        if (hidden(*table, row) || !keep(*table, row)) continue;
        RecordItem next = item(*table, row, date);
        const auto [at, is_new] = by_title.emplace(next.title, next);
        if (!is_new && next.date && (!at->second.date || (first ? *next.date < *at->second.date : *next.date > *at->second.date))) at->second = std::move(next);
      }
    std::vector<RecordItem> items;
    items.reserve(by_title.size());
    for (auto& [title, each] : by_title) items.push_back(std::move(each));
    std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.date > b.date; });
    return items;
  };
  const auto always = [](const BlockTable&, std::size_t) { return true; };
  record.problems = once("condition", "onset_date", true, [](const BlockTable& table, std::size_t row) {
    const auto status = word_of(table, "status", row);
    return word_of(table, "category", row).value_or("problem") == "problem" && status != "resolved" && status != "inactive";
  });
  record.medicines = once("medication", "date", false, [&](const BlockTable& table, std::size_t row) {
    const auto date = table.date(table.column("date"), row);
    const auto status = word_of(table, "status", row);
    return date && date->days > today.days - 120 && status != "stopped" && status != "cancelled";
  });
  record.allergies = once("allergy", "recorded_date", true, always);
  if (const BlockTable* table = open("immunisation"))
    for (std::size_t row = 0; row < table->rows(); ++row) {
      if (hidden(*table, row)) continue;
      record.immunisations.push_back(item(*table, row, "date"));
    }
  std::stable_sort(record.immunisations.begin(), record.immunisations.end(), [](const auto& a, const auto& b) { return a.date > b.date; });
}

std::vector<Series> RecordReader::series(std::size_t most, std::size_t longest) const {
  std::map<std::pair<std::int32_t, std::int64_t>, Series> by_code;
  const BlockTable* table = open("observation");
  if (table == nullptr) return {};
  const auto code_at = table->column("code"), date_at = table->column("date"), value_at = table->column("value"), unit_at = table->column("unit");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const auto date = table->date(date_at, row);
    if (!date || table->is_null(value_at, row) || hidden(*table, row)) continue;
    const CodeId code = table->code(code_at, row);
    const std::int64_t unit = table->is_null(unit_at, row) ? 0 : table->integer(unit_at, row);
    Series& series = by_code[{code.value, unit}];
    series.code = dictionaries.code(code).code;
    series.name = label(code);
    if (unit > 0) series.unit = dictionaries.unit(static_cast<std::int32_t>(unit));
    series.points.push_back({*date, table->number(value_at, row), word_of(*table, "comparator", row)});
  }
  std::vector<Series> all;
  for (auto& [key, series] : by_code) {
    std::stable_sort(series.points.begin(), series.points.end(), [](const auto& a, const auto& b) { return a.date < b.date; });
    if (series.points.size() > longest) series.points.erase(series.points.begin(), series.points.end() - static_cast<std::ptrdiff_t>(longest));
    series.latest = series.points.back();
    all.push_back(std::move(series));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.points.size() > b.points.size(); });
  if (all.size() > most) all.resize(most);
  return all;
}

std::vector<Involved> RecordReader::involved() const {
  std::map<std::int32_t, Involved> by_organisation;
  const BlockTable* table = open("encounter");
  if (table == nullptr || restricted) return {};
  const auto start_at = table->column("start_date"), kind_at = table->column("kind");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const auto date = table->date(start_at, row);
    const auto id = table->organisation(row);
    if (id.value == 0 || !date || *date > today || date->days < today.days - 730 || hidden(*table, row)) continue;
    Involved& one = by_organisation[id.value];
    one.name = *organisation(id);
    ++one.contacts;
    if (!one.last_seen || *date >= *one.last_seen) {
      one.last_seen = date;
      one.what = title_of_encounter(table->is_null(kind_at, row) ? "" : table->word(kind_at, row));
    }
  }
  std::vector<Involved> all;
  all.reserve(by_organisation.size());
  for (auto& [id, one] : by_organisation) all.push_back(std::move(one));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.last_seen > b.last_seen; });
  return all;
}

std::vector<std::string> RecordReader::what_matters(const ResidentRecord& record) const {
  std::vector<std::string> sentences;
  if (!record.allergies.empty()) {
    std::string names;
    for (std::size_t i = 0; i < record.allergies.size() && i < 3; ++i) names += (i == 0 ? "" : ", ") + record.allergies[i].title;
    sentences.push_back("Allergies: " + names + (record.allergies.size() > 3 ? " and more" : "") + ".");
  }
  if (!record.problems.empty()) {
    std::string names;
    for (std::size_t i = 0; i < record.problems.size() && i < 4; ++i) names += (i == 0 ? "" : ", ") + record.problems[i].title;
    sentences.push_back(fmt::format("{} active {}: {}{}.", record.problems.size(), record.problems.size() == 1 ? "problem" : "problems", names,
                                    record.problems.size() > 4 ? " and more" : ""));
  }
  const auto in_last_year = [&](std::string_view kind) {
    return std::count_if(record.timeline.begin(), record.timeline.end(),
                         [&](const auto& event) { return event.kind == kind && event.start <= today && event.start.days > today.days - 365; });
  };
  for (const auto& [kind, one, several] : {std::tuple{"emergency", "emergency attendance", "emergency attendances"},
                                           {"spell", "hospital stay", "hospital stays"},
                                           {"ambulance", "ambulance call", "ambulance calls"}})
    if (const auto count = in_last_year(kind); count > 0) sentences.push_back(fmt::format("{} {} in the last year.", count, count == 1 ? one : several));
  if (!record.medicines.empty())
    sentences.push_back(fmt::format("{} {} issued in the last four months.", record.medicines.size(), record.medicines.size() == 1 ? "medicine" : "medicines"));
  return sentences;
}

RecordTable RecordReader::table(const TableAsk& ask) const {
  RecordTable answer;
  answer.kind = ask.kind;
  answer.title = table_title(ask.kind);
  answer.offset = ask.offset;
  answer.limit = ask.limit;
  const records::Table* shape = nullptr;
  for (const auto& each : records::tables)
    if (each.name == ask.kind) shape = &each;
  if (shape == nullptr) return answer;
  const auto where_hidden = [&](const records::Column& column) { return restricted && (column.kind == Kind::organisation || column.kind == Kind::area); };
  std::size_t date_at = shape->columns.size();
  for (std::size_t i = 0; i < shape->columns.size(); ++i) {
    const auto& column = shape->columns[i];
    if (date_at == shape->columns.size() && column.kind == Kind::date) date_at = i;
    if (where_hidden(column)) continue;
    const char* type = "text";
    switch (column.kind) {
      case Kind::code: type = "code"; break;
      case Kind::organisation: type = "organisation"; break;
      case Kind::date: type = "date"; break;
      case Kind::instant: type = "instant"; break;
      case Kind::integer: type = "integer"; break;
      case Kind::number: type = "number"; break;
      case Kind::pence: type = "pence"; break;
      case Kind::flag: type = "flag"; break;
      default: break;
    }
    std::string title(column.name);
    std::replace(title.begin(), title.end(), '_', ' ');
    title[0] = static_cast<char>(title[0] >= 'a' && title[0] <= 'z' ? title[0] - 'a' + 'A' : title[0]);
    answer.columns.push_back({std::string(column.name), title, type});
    if (column.kind == Kind::code) answer.columns.push_back({std::string(column.name) + ".code", title + " (code)", "text"});
  }
  answer.columns.push_back({"feed", "Feed", "text"});
  const BlockTable* rows = open(ask.kind);
  if (rows == nullptr) return answer;
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < rows->rows(); ++row)
    if (!hidden(*rows, row)) order.push_back(row);
  if (date_at < shape->columns.size())
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows->cells[date_at][a] > rows->cells[date_at][b]; });
  answer.total = static_cast<std::int64_t>(order.size());
  for (std::size_t at = static_cast<std::size_t>(ask.offset); at < order.size() && answer.rows.size() < static_cast<std::size_t>(ask.limit); ++at) {
    const std::size_t row = order[at];
    std::vector<TableCell> cells;
    for (std::size_t i = 0; i < shape->columns.size(); ++i) {
      const auto& column = shape->columns[i];
      if (where_hidden(column)) continue;
      const bool none = rows->is_null(i, row);
      const auto add = [&](auto value) { cells.emplace_back(none ? TableCell{} : TableCell{std::move(value)}); };
      const std::int64_t number = none ? 0 : rows->integer(i, row);
      switch (column.kind) {
        case Kind::code:
          add(none ? std::string{} : label(rows->code(i, row)));
          add(none ? std::string{} : dictionaries.code(rows->code(i, row)).code);
          break;
        case Kind::unit: add(none ? std::string{} : dictionaries.unit(static_cast<std::int32_t>(number))); break;
        case Kind::organisation: add(organisation({static_cast<std::int32_t>(number)}).value_or("")); break;
        case Kind::area: add(none ? std::string{} : dictionaries.area(static_cast<std::int32_t>(number)).name); break;
        case Kind::date: add(none ? std::string{} : to_string(*rows->date(i, row))); break;
        case Kind::instant: add(to_string(Instant{number, 0})); break;
        case Kind::number: add(none ? 0.0 : rows->number(i, row)); break;
        case Kind::flag: add(number != 0); break;
        case Kind::word: add(none ? std::string{} : std::string(rows->word(i, row))); break;
        case Kind::local_id: add(none ? std::string{} : std::string(rows->text(i, row))); break;
        default: add(number); break;
      }
    }
    cells.emplace_back(dictionaries.source(rows->source(row)).feed);
    answer.rows.push_back(std::move(cells));
  }
  return answer;
}

}  // namespace catchment::api
