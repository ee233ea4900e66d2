// Expressions and records: from checked values to staged rows.
#include <algorithm>

#include "intake/closed_list.h"
#include "intake/row_operations.h"

namespace catchment::intake {

using records::Kind;

std::string_view RowProgram::text_of(const FieldOp& f, int member, Batch& batch) const {
  const Expression& e = *f.expression;
  std::string_view text;
  const auto value = [&](std::size_t i) -> const Value& { return values_[static_cast<std::size_t>(e.columns[i])]; };
  switch (e.kind) {
    case Expression::Kind::column:
      if (value(0).good()) text = value(0).text;
      break;
    case Expression::Kind::family:
      if (member >= 0 && value(static_cast<std::size_t>(member)).good()) text = value(static_cast<std::size_t>(member)).text;
      break;
    case Expression::Kind::first:
      for (std::size_t i = 0; i < e.columns.size() && text.empty(); ++i)
        if (value(i).good()) text = value(i).text;
      break;
    case Expression::Kind::constant: return e.text;
    case Expression::Kind::partner: return plan_.partner;
    case Expression::Kind::join: {
      std::size_t size = 0;
      for (std::size_t i = 0; i < e.columns.size(); ++i) size += value(i).text.size() + e.text.size();
      char* const room = batch.arena.reserve(size);
      std::size_t n = 0;
      for (std::size_t i = 0; i < e.columns.size(); ++i) {
        if (!value(i).good() || value(i).text.empty()) continue;
        if (n > 0) n += e.text.copy(room + n, e.text.size());
        n += value(i).text.copy(room + n, value(i).text.size());
      }
      batch.arena.commit(n);
      text = {room, n};
      break;
    }
    default: break;
  }
  if (f.map != nullptr && !text.empty()) text = f.map->apply(text);
  return text;
}

std::int32_t RowProgram::code_id(FieldOp& f, std::size_t column) {
  const Value& value = values_[column];
  const FeedColumn& c = feed_.columns[column];
  std::string_view system = c.system;
  std::string uri;
  if (c.system_column >= 0) {
    const Value& from = values_[static_cast<std::size_t>(c.system_column)];
    if (from.good()) uri = code_system_uri(from.text), system = uri;
  }
  const std::string_view text = f.map != nullptr ? f.map->apply(value.text) : value.text;
  if (f.last_id != 0 && f.last_text == text && f.last_system == system) return f.last_id;
  f.last_text.assign(text);
  f.last_system.assign(system);
  f.last_id = dictionary_.id(Word::code, system, text);
  return f.last_id;
}

Slot RowProgram::fetch(FieldOp& f, Kind target, int member, Batch& batch, std::string_view* unit_text) {
  const Expression& e = *f.expression;
  using K = Expression::Kind;
  if (e.kind == K::none) return {};
  if (e.kind == K::constant) {
    if (unit_text != nullptr) *unit_text = e.text;
    return f.constant;
  }
  if (e.kind == K::index) return Slot::of(member + 1);
  if (e.kind == K::partner) return partner_id_ != 0 ? Slot::of(partner_id_) : Slot{};
  if (e.kind == K::date_and_time) {
    const Value& date = values_[static_cast<std::size_t>(e.columns[0])];
    const Value& time = values_[static_cast<std::size_t>(e.columns[1])];
    if (!date.good() || !time.good()) return {};
    const auto second = static_cast<std::int32_t>(time.integer);
    if (context_.zone->uncertain(date.days, second)) {
      const RowFinding found{batch.rows.back().line, e.columns[1], Rule::local_time, Level::warning, {}};
      const bool said = !batch.findings.empty() && batch.findings.back().line == found.line && batch.findings.back().column == found.column;
      if (!said) batch.find(found.line, found.column, found.rule, found.level, found.value);
    }
    return Slot::of(context_.zone->utc_ms(date.days, second));
  }
  const Value* value = nullptr;
  std::size_t column = 0;
  const auto at = [&](std::size_t i) {
    column = static_cast<std::size_t>(e.columns[i]);
    value = &values_[column];
  };
  if (e.kind == K::column) at(0);
  else if (e.kind == K::family) at(static_cast<std::size_t>(member));
  else if (e.kind == K::first)
    for (std::size_t i = 0; i < e.columns.size() && (value == nullptr || !value->good()); ++i) at(i);
  if (value != nullptr && !value->good()) return {};
  switch (target) {
    case Kind::date: return value == nullptr ? Slot{} : Slot::of(value->days);
    case Kind::instant:
    case Kind::integer:
    case Kind::pence:
    case Kind::flag: return value == nullptr ? Slot{} : Slot::of(value->integer);
    case Kind::number:
      if (value == nullptr) return {};
      return Slot::of_number(feed_.columns[column].kind == ColumnKind::integer ? static_cast<double>(value->integer) : value->number);
    case Kind::code: return value == nullptr || value->text.empty() ? Slot{} : Slot::of(code_id(f, column));
    default: break;
  }
  const std::string_view text = text_of(f, member, batch);
  if (text.empty()) return {};
  switch (target) {
    case Kind::unit:
      if (unit_text != nullptr) *unit_text = text;
      return {};  // decided with the code
    case Kind::organisation:
    case Kind::area:
      if (f.last_id == 0 || f.last_text != text) {
        f.last_text.assign(text);
        f.last_id = dictionary_.id(target == Kind::area ? Word::area : Word::organisation, {}, text);
      }
      return Slot::of(f.last_id);
    case Kind::word:
      if (f.last_word != text) {
        f.last_word.assign(text);
        f.last_place = place_in_closed_list(f.allowed, text);
      }
      if (!f.last_place) {
        batch.find(batch.rows.back().line, e.columns.empty() ? -1 : e.columns[0], Rule::word, Level::warning, value_class(text));
        return {};
      }
      return Slot::of(*f.last_place);
    default: return Slot::of_text(text);
  }
}

bool RowProgram::holds(const RecordOp& op) const {
  for (const auto& condition : op.rule->when) {
    const Value& value = values_[static_cast<std::size_t>(condition.column)];
    const auto listed = [&] { return std::find(condition.values.begin(), condition.values.end(), value.text) != condition.values.end(); };
    bool good = false;
    switch (condition.kind) {
      case Condition::Kind::in: good = value.good() && listed(); break;
      case Condition::Kind::not_in: good = !value.good() || !listed(); break;
      case Condition::Kind::present: good = value.good(); break;
      case Condition::Kind::absent: good = !value.good(); break;
    }
    if (!good) return false;
  }
  return true;
}

void RowProgram::canonical_value(const RecordOp& op, std::size_t first, std::string_view unit, Batch& batch) {
  Slot& value = batch.slots[first + static_cast<std::size_t>(op.value)];
  if (!value.present) return;
  if (unit.empty()) unit = op.column_unit;
  const CodeUnits* units = nullptr;
  const Slot& code = batch.slots[first + static_cast<std::size_t>(op.code)];
  if (op.convert && code.present) {
    const auto id = static_cast<std::size_t>(code.integer);
    if (op.units_of_code.size() <= id) op.units_of_code.resize(id + 64);
    auto& [known, found] = op.units_of_code[id];
    if (!known) {
      const Entry& entry = dictionary_.entry(Word::code, static_cast<std::int32_t>(id));
      found = context_.units->of(entry.system, entry.code);
      known = true;
    }
    units = found;
  }
  const std::uint64_t line = batch.rows.back().line;
  const auto& columns = op.rule->fields[static_cast<std::size_t>(op.value)].columns;
  const std::int32_t column = columns.empty() ? -1 : columns[0];
  const Converted converted = convert(*context_.units, units, unit, value.number);
  if (converted.state != Converted::State::good) {
    const bool unknown = converted.state == Converted::State::unknown_unit;
    batch.find(line, column, unknown ? Rule::unit_unknown : Rule::range, Level::warning, unknown ? value_class(unit) : ValueClass{});
    if (column >= 0) ++batch.columns[static_cast<std::size_t>(column)].bad;
    value = {};
    return;
  }
  value.number = converted.value;
  if (!converted.unit.empty()) batch.slots[first + static_cast<std::size_t>(op.unit)] = Slot::of(dictionary_.id(Word::unit, {}, converted.unit));
}

void RowProgram::record(const RecordOp& op, int member, Batch& batch) {
  const std::size_t first = batch.slots.size();
  batch.slots.resize(first + op.fields.size());
  std::string_view unit;
  for (std::size_t i = 0; i < op.fields.size(); ++i) {
    const Kind kind = op.table->columns[i].kind;
    const Slot slot = fetch(op.fields[i], kind, member, batch, kind == Kind::unit ? &unit : nullptr);
    batch.slots[first + i] = slot;
  }
  if (op.value >= 0 && op.unit >= 0) canonical_value(op, first, unit, batch);
  for (const int need : op.rule->needs) {
    if (batch.slots[first + static_cast<std::size_t>(need)].present) continue;
    batch.slots.resize(first);
    return;
  }
  if (op.event >= 0) {
    const Slot& date = batch.slots[first + static_cast<std::size_t>(op.event)];
    if (date.present && date.integer <= latest_day_) {
      batch.event(static_cast<std::int32_t>(date.integer));
      row_day_ = std::max(row_day_, static_cast<std::int32_t>(date.integer));
    }
  }
  batch.staged.push_back({static_cast<std::uint16_t>(op.rule->table), static_cast<std::uint32_t>(first)});
}

void RowProgram::identity(InputRow& row, Batch& batch) {
  const std::size_t width = identity_fields + 1;
  const std::size_t first = batch.identities.size();
  batch.identities.resize(first + width);
  std::uint64_t hash = 1;
  bool any = false;
  for (std::size_t i = 0; i < identity_fields; ++i) {
    FieldOp& f = identity_[i];
    if (f.expression->kind == Expression::Kind::none) continue;
    Kind target = Kind::local_id;
    if (i == identity_birth_date || i == identity_death_date || i == identity_updated_date) target = Kind::date;
    if (i == identity_practice) target = Kind::organisation;
    if (i == identity_area) target = Kind::area;
    if (i == identity_restricted) target = Kind::flag;
    const Slot slot = fetch(f, target, -1, batch, nullptr);
    if (!slot.present) continue;
    batch.identities[first + i] = slot;
    any = true;
    const std::uint64_t seed = hash + i * 0x9E3779B97F4A7C15ULL;
    if (target == Kind::local_id) hash = hash_text(slot.view(), seed);
    else if (target == Kind::organisation) hash = hash_text(dictionary_.entry(Word::organisation, static_cast<std::int32_t>(slot.integer)).code, seed);
    else if (target == Kind::area) hash = hash_text(dictionary_.entry(Word::area, static_cast<std::int32_t>(slot.integer)).code, seed);
    else hash = fold(seed ^ 0xD6E8FEB86659FD93ULL, static_cast<std::uint64_t>(slot.integer) ^ 0xA0761D6478BD642FULL);
    if (i == identity_birth_date) {
      const Value& birth = values_[static_cast<std::size_t>(f.expression->columns[0])];
      batch.identities[first + identity_fields] = Slot::of(static_cast<std::int64_t>(birth.precision));
    }
  }
  if (!any) {
    batch.identities.resize(first);
    return;
  }
  row.identity = static_cast<std::int32_t>(first / width);
  row.identity_hash = fold(hash ^ row.subject.high, row.subject.low ^ 0x9E3779B97F4A7C15ULL);
}

}  // namespace catchment::intake
