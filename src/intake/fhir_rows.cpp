#include "intake/fhir_rows.h"

#include "base/nhs_number.h"
#include "intake/closed_list.h"

namespace catchment::intake {

using fhir::Field;
using records::Kind;

namespace {

constexpr std::int32_t earliest_day = -43829;  // 1850-01-01

constexpr std::size_t column_at(std::string_view table, std::string_view column) {
  for (const auto& one : records::tables)
    for (std::size_t i = 0; one.name == table && i < one.columns.size(); ++i)
      if (one.columns[i].name == column) return i;
  return 0;
}

constexpr std::size_t encounter_start = column_at("encounter", "start_date");
constexpr std::size_t encounter_identifier = column_at("encounter", "identifier");
constexpr std::size_t condition_rank = column_at("condition", "rank");
constexpr std::size_t condition_table = [] {
  std::size_t i = 0;
  while (records::tables[i].name != "condition") ++i;
  return i;
}();

/// Tables whose dates may lie ahead: plans and bookings.
bool may_lie_ahead(std::string_view table) { return table == "encounter" || table == "care_plan" || table == "referral"; }

}  // namespace

FhirRows::FhirRows(const RunContext& context, LocalDictionary& dictionary) : context_(context), dictionary_(dictionary) {
  std::int32_t at = identity_fields;
  for (const auto& table : records::tables) {
    first_column_.push_back(at);
    at += static_cast<std::int32_t>(table.columns.size());
  }
}

void FhirRows::refuse(std::uint64_t line, std::string_view raw, Rule rule, Batch& batch) {
  InputRow& row = batch.rows.emplace_back();
  row.line = line;
  row.raw = raw;
  row.quarantined = true;
  row.rule = rule;
  batch.find(line, -1, rule, Level::error, {});
}

void FhirRows::run(const FilePlan& plan, const Block& block, bool bundles, Batch& batch) {
  for (const RowSpan& span : block.rows) {
    const std::string_view raw(block.bytes.data() + span.begin, span.end - span.begin);
    if (span.state == RowState::too_long) {
      refuse(span.line, raw, Rule::line_too_long, batch);
      continue;
    }
    if (span.state == RowState::unfinished) {
      refuse(span.line, raw, Rule::truncated, batch);
      continue;
    }
    json::Fault fault;
    if (!parser_.parse_into(document_, raw, fault)) {
      refuse(span.line, raw, Rule::json, batch);
      continue;
    }
    if (bundles) document(plan, document_.root(), raw, batch);
    else resource(plan, span.line, document_.root(), {}, raw, batch);
  }
}

void FhirRows::document(const FilePlan& plan, json::Value root, std::string_view raw, Batch& batch) {
  if (root["resourceType"].string() != "Bundle" || root["entry"].size() == 0) {
    resource(plan, 1, root, {}, raw, batch);
    return;
  }
  std::uint64_t line = 0;  // the entry's number
  for (const auto entry : root["entry"]) {
    ++line;
    const json::Value value = entry["resource"];
    if (value.is_object()) resource(plan, line, value, entry["fullUrl"].string(), batch.arena.keep(value.raw()), batch);
    else refuse(line, batch.arena.keep(entry.raw()), Rule::resource_type, batch);
  }
}

void FhirRows::subject(const FilePlan& plan, std::string_view key, InputRow& row, Batch& batch) {
  row.key = batch.arena.keep(key);
  const Feed& feed = *plan.feed;
  if (feed.key == KeyKind::pseudonym) {
    row.kind = SubjectKind::pseudonym;
    row.subject = hash128(key, hash_text(feed.key_domain, 3));
    return;
  }
  row.kind = SubjectKind::local_id;
  if (!plan.partner.empty()) row.subject_organisation = dictionary_.id(Word::organisation, {}, plan.partner);
  row.subject = hash128(key, hash_text(plan.partner, hash_text(feed.key_domain, 2)));
}

void FhirRows::resource(const FilePlan& plan, std::uint64_t line, json::Value value, std::string_view full_url, std::string_view raw, Batch& batch) {
  if (!value.is_object() || !mapper_.map(value, mapped_)) {
    refuse(line, raw, Rule::resource_type, batch);
    return;
  }
  diagnoses_.clear();
  if (mapped_.type == "Encounter") read_diagnoses(value, diagnoses_, mapped_.faults);
  const bool in_bundle = full_url.starts_with("urn:uuid:");
  InputRow& row = batch.rows.emplace_back();
  row.line = line;
  row.raw = raw;
  row.staged_begin = static_cast<std::uint32_t>(batch.staged.size());
  if (!mapped_.organisation.empty()) row.organisation = dictionary_.id(Word::organisation, {}, mapped_.organisation);
  else if (!plan.partner.empty()) row.organisation = dictionary_.id(Word::organisation, {}, plan.partner);
  if (!mapped_.organisation_code.empty())
    batch.organisations.push_back({batch.arena.keep(mapped_.id), batch.arena.keep(mapped_.organisation_code), batch.arena.keep(mapped_.organisation_name)});
  for (const auto& fault : mapped_.faults) {
    std::int32_t column = -1;
    if (fault.table >= 0) {
      const auto& columns = records::tables[fault.table].columns;
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == fault.element) column = first_column_[static_cast<std::size_t>(fault.table)] + static_cast<std::int32_t>(i);
    } else {
      for (std::size_t i = 0; i < identity_fields; ++i)
        if (identity_field_name(static_cast<IdentityField>(i)) == fault.element) column = static_cast<std::int32_t>(i);
    }
    if (column >= 0) ++batch.columns[static_cast<std::size_t>(column)].bad;
    const Rule rule = fault.kind == fhir::Fault::Kind::type ? Rule::type : fault.kind == fhir::Fault::Kind::word ? Rule::word : Rule::reference;
    batch.find(line, column, rule, Level::warning, {});
  }
  if (mapped_.identity) {
    const std::string_view id = in_bundle ? full_url.substr(9) : mapped_.id;
    if (id.empty()) {
      row.quarantined = true;
      row.rule = Rule::required;
      row.column = identity_local_id;
      batch.find(line, identity_local_id, Rule::required, Level::error, {});
      return;
    }
    subject(plan, id, row, batch);
    identity(*mapped_.identity, row, batch);
  } else if (!mapped_.patient.empty()) {
    subject(plan, mapped_.patient, row, batch);
  } else if (const auto number = read_nhs_number(mapped_.patient_nhs_number); number.fault == NhsNumberFault::none) {
    subject(plan, to_digits(number.number), row, batch);
    row.kind = SubjectKind::nhs_number;
    row.subject = hash128(row.key, hash_text(plan.partner, hash_text("nhs_number")));
  }
  if (row.kind != SubjectKind::none)
    for (const auto& staged : mapped_.rows) stage_row(staged, batch);
  row.staged_end = static_cast<std::uint32_t>(batch.staged.size());
  references(full_url, batch.rows.size() - 1, batch);
  if (plan.feed->keep_all_json || !mapped_.has_table || (row.staged_begin == row.staged_end && row.identity < 0)) {
    row.resource = static_cast<std::int32_t>(batch.resources.size());
    batch.resources.push_back({batch.arena.keep(mapped_.type), batch.arena.keep(mapped_.id), raw});
  }
}

void FhirRows::references(std::string_view full_url, std::size_t at, Batch& batch) {
  const InputRow& row = batch.rows[at];
  if (row.staged_begin == row.staged_end) return;
  const auto number = static_cast<std::uint32_t>(at);
  const bool in_bundle = full_url.starts_with("urn:uuid:");
  const std::string_view uuid = in_bundle ? full_url.substr(9) : std::string_view{};
  const bool condition = mapped_.type == "Condition";
  if (condition || (in_bundle && mapped_.type == "Procedure"))
    for (const auto id : {mapped_.id, uuid != mapped_.id ? uuid : std::string_view{}})
      if (!id.empty()) batch.targets.push_back({number, batch.arena.keep(id), condition});
  if (mapped_.type != "Encounter") return;
  Slot* slots = &batch.slots[batch.staged[row.staged_begin].first_slot];
  if (in_bundle) slots[encounter_identifier] = Slot::of_text(batch.arena.keep(uuid));  // what the bundle's other entries call it
  const std::size_t rank = static_cast<std::size_t>(first_column_[condition_table]) + condition_rank;
  for (const auto& one : diagnoses_) {
    batch.diagnoses.push_back({number, batch.arena.keep(one.condition), one.rank, slots[encounter_identifier], slots[encounter_start]});
    if (one.rank > 0) ++batch.columns[rank].present;
  }
}

bool FhirRows::day_of(const Field& field, std::int32_t column, bool future, std::int32_t& day, Batch& batch) {
  day = field.utc_ms ? context_.zone->local_day(*field.utc_ms) : field.day.days;
  if (day >= earliest_day && (future || day <= context_.as_of.days)) return true;
  ++batch.columns[static_cast<std::size_t>(column)].bad;
  batch.find(batch.rows.back().line, column, day < earliest_day ? Rule::range : Rule::future_date, Level::warning, {});
  return false;
}

Slot FhirRows::slot_of(const Field& f, const records::Column& column, Batch& batch) {
  switch (column.kind) {
    case Kind::word: {
      const auto place = place_in_closed_list(column.note, f.text);
      return place ? Slot::of(*place) : Slot{};
    }
    case Kind::code: return f.text.size() > 256 ? Slot{} : Slot::of(dictionary_.id(Word::code, f.system, f.text, f.display));
    case Kind::unit: return Slot::of(dictionary_.id(Word::unit, {}, f.text));
    case Kind::organisation: return Slot::of(dictionary_.id(Word::organisation, {}, f.text));
    case Kind::area: return Slot::of(dictionary_.id(Word::area, {}, f.text));
    case Kind::instant: return f.utc_ms ? Slot::of(*f.utc_ms) : Slot{};
    case Kind::integer:
    case Kind::pence:
    case Kind::flag: return Slot::of(f.integer);
    case Kind::number: return Slot::of_number(f.kind == Field::Kind::integer ? static_cast<double>(f.integer) : f.number);
    default: return Slot::of_text(batch.arena.keep(f.text));
  }
}

void FhirRows::stage_row(const fhir::Row& row, Batch& batch) {
  const records::Table& table = records::tables[row.table];
  const std::size_t first = batch.slots.size();
  batch.slots.resize(first + table.columns.size());
  const Field* fields = &mapped_.fields[row.first];
  const bool ahead = may_lie_ahead(table.name);
  bool dated = false;
  int value = -1;
  int unit = -1;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Field& f = fields[i];
    if (!f.present()) continue;
    const std::int32_t column = first_column_[static_cast<std::size_t>(row.table)] + static_cast<std::int32_t>(i);
    ++batch.columns[static_cast<std::size_t>(column)].present;
    const Kind kind = table.columns[i].kind;
    if (kind == Kind::date) {
      std::int32_t day = 0;
      if (!day_of(f, column, ahead, day, batch)) continue;
      batch.slots[first + i] = Slot::of(day);
      if (!dated && day <= context_.as_of.days) batch.event(day);
      dated = true;
      continue;
    }
    if (kind == Kind::number) value = static_cast<int>(i);
    if (kind == Kind::unit) unit = static_cast<int>(i);
    batch.slots[first + i] = slot_of(f, table.columns[i], batch);
  }
  if (value >= 0 && table.name == "observation") {
    const Field& code = fields[0];
    const std::string_view sent = unit >= 0 ? fields[unit].text : std::string_view{};
    const CodeUnits* units = code.present() ? context_.units->of(code.system, code.text) : nullptr;
    const auto at = first + static_cast<std::size_t>(value);
    const Converted converted = convert(*context_.units, units, sent, batch.slots[at].number);
    const std::int32_t column = first_column_[static_cast<std::size_t>(row.table)] + value;
    if (converted.state == Converted::State::good) {
      batch.slots[at].number = converted.value;
      if (!converted.unit.empty()) batch.slots[at + 1] = Slot::of(dictionary_.id(Word::unit, {}, converted.unit));
    } else {
      const bool unknown = converted.state == Converted::State::unknown_unit;
      ++batch.columns[static_cast<std::size_t>(column)].bad;
      batch.find(batch.rows.back().line, column, unknown ? Rule::unit_unknown : Rule::range, Level::warning, unknown ? value_class(sent) : ValueClass{});
      batch.slots[at] = {};
    }
  }
  batch.staged.push_back({static_cast<std::uint16_t>(row.table), static_cast<std::uint32_t>(first)});
}

void FhirRows::identity(const fhir::Identity& from, InputRow& row, Batch& batch) {
  const std::size_t width = identity_fields + 1;
  const std::size_t first = batch.identities.size();
  batch.identities.resize(first + width);
  std::uint64_t hash = 1;
  const auto set = [&](IdentityField field, Slot slot, std::string_view text) {
    batch.identities[first + field] = slot;
    ++batch.columns[field].present;
    const std::uint64_t seed = hash + field * 0x9E3779B97F4A7C15ULL;
    hash = text.empty() ? fold(seed ^ 0xD6E8FEB86659FD93ULL, static_cast<std::uint64_t>(slot.integer) ^ 0xA0761D6478BD642FULL) : hash_text(text, seed);
  };
  const auto text = [&](IdentityField field, const Field& f) {
    if (f.present() && f.text.size() <= 1000) set(field, Slot::of_text(batch.arena.keep(f.text)), f.text);
  };
  const auto date = [&](IdentityField field, const Field& f) {
    std::int32_t day = 0;
    if (!f.present() || !day_of(f, field, false, day, batch)) return false;
    set(field, Slot::of(day), {});
    return true;
  };
  if (from.nhs_number.present()) {
    const auto number = read_nhs_number(from.nhs_number.text);
    if (number.fault == NhsNumberFault::none) {
      const std::string digits = to_digits(number.number);
      set(identity_nhs_number, Slot::of_text(batch.arena.keep(digits)), digits);
      text(identity_number_status, from.number_status);
    } else {
      ++batch.columns[identity_nhs_number].bad;
      batch.find(row.line, identity_nhs_number, Rule::nhs_number, Level::warning, value_class(from.nhs_number.text));
    }
  }
  set(identity_local_id, Slot::of_text(row.key), row.key);
  text(identity_given, from.given);
  text(identity_family, from.family);
  text(identity_previous_family, from.previous_family);
  if (date(identity_birth_date, from.birth_date)) batch.identities[first + identity_fields] = Slot::of(static_cast<std::int64_t>(from.birth_date.precision));
  text(identity_sex, from.sex);
  text(identity_ethnicity, from.ethnicity);
  text(identity_postcode, from.postcode);
  text(identity_address, from.address);
  text(identity_telephone, from.telephone);
  text(identity_email, from.email);
  if (from.practice.present()) set(identity_practice, Slot::of(dictionary_.id(Word::organisation, {}, from.practice.text)), from.practice.text);
  text(identity_language, from.language);
  date(identity_death_date, from.death_date);
  if (from.restricted) set(identity_restricted, Slot::of(1), {});
  date(identity_updated_date, from.updated_date);
  row.identity = static_cast<std::int32_t>(first / width);
  row.identity_hash = fold(hash ^ row.subject.high, row.subject.low ^ 0x9E3779B97F4A7C15ULL);
}

}  // namespace catchment::intake
