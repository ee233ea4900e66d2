// Columns: from cells to checked values.
#include <algorithm>

#include "base/nhs_number.h"
#include "intake/row_operations.h"

namespace catchment::intake {

namespace {

constexpr std::int32_t earliest_day = -43829;  // 1850-01-01

std::string_view upper_in(std::string_view text, Arena& arena) {
  bool lower = false;
  for (const char c : text) lower |= c >= 'a' && c <= 'z';
  if (!lower) return text;
  char* room = arena.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) room[i] = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] & ~0x20) : text[i];
  arena.commit(text.size());
  return {room, text.size()};
}

}  // namespace

CompiledMap::CompiledMap(const Map& map) : map_(&map) {
  std::size_t size = 8;
  while (size < map.entries.size() * 2) size *= 2;
  slots_.resize(size);
  used_.resize(size);
  for (const auto& [from, to] : map.entries) {
    std::size_t at = hash_text(from) & (size - 1);
    while (used_[at] && slots_[at].first != from) at = (at + 1) & (size - 1);
    slots_[at] = {from, to};
    used_[at] = true;
  }
}

std::string_view CompiledMap::apply(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash_text(text) & mask; used_[at]; at = (at + 1) & mask)
    if (slots_[at].first == text) return slots_[at].second;
  return map_->otherwise ? std::string_view(*map_->otherwise) : text;
}

void RowProgram::fail(std::size_t index, Rule rule, std::string_view text, Batch& batch) {
  InputRow& row = batch.rows.back();
  const FeedColumn& column = *columns_[index].column;
  const bool refused = column.bad == Bad::quarantine;
  batch.find(row.line, static_cast<std::int32_t>(index), rule, refused ? Level::error : Level::warning, value_class(text));
  if (refused) quarantine(row, rule, static_cast<std::int32_t>(index));
}

void RowProgram::quarantine(InputRow& row, Rule rule, std::int32_t column) const {
  if (row.quarantined) return;
  row.quarantined = true;
  row.rule = rule;
  row.column = column;
}

bool RowProgram::within(const ColumnOp& op, Value& value, Rule& rule) const {
  const FeedColumn& c = *op.column;
  double number = 0;
  switch (c.kind) {
    case ColumnKind::number: number = value.number; break;
    case ColumnKind::integer:
    case ColumnKind::pence:
    case ColumnKind::pounds: number = static_cast<double>(value.integer); break;
    case ColumnKind::date:
    case ColumnKind::instant: {
      number = value.days;
      if (!c.future && value.days > latest_day_) {
        rule = Rule::future_date;
        return false;
      }
      if (!c.minimum && value.days < earliest_day) {
        rule = Rule::range;
        return false;
      }
      break;
    }
    default: return true;
  }
  if ((c.minimum && number < *c.minimum) || (c.maximum && number > *c.maximum)) {
    rule = Rule::range;
    return false;
  }
  return true;
}

bool RowProgram::read_date(const ColumnOp& op, std::string_view text, Value& value, Batch& batch, Rule& rule) {
  std::optional<DateValue> date;
  if (op.patterns.empty()) date = parse_iso_date(text);
  for (const auto& pattern : op.patterns) {
    date = pattern.parse(text);
    if (date) break;
  }
  if (!date) {
    rule = Rule::type;
    return false;
  }
  value.days = date->days;
  value.precision = date->precision;
  if (op.column->kind == ColumnKind::instant) {
    if (op.patterns.empty()) {
      if (text.size() > 16 && (text.back() == 'Z' || text.find_first_of("+-", 16) != std::string_view::npos)) {
        const auto instant = Instant::parse(text);
        if (!instant) {
          rule = Rule::type;
          return false;
        }
        value.integer = instant->utc_ms;
        return true;
      }
      if (text.size() > 11)
        if (const auto second = parse_time(text.substr(11))) date->second_of_day = *second;
    }
    value.integer = context_.zone->utc_ms(date->days, std::max(date->second_of_day, 0));
    if (date->second_of_day >= 0 && context_.zone->uncertain(date->days, date->second_of_day))
      batch.find(batch.rows.back().line, static_cast<std::int32_t>(&op - columns_.data()), Rule::local_time, Level::warning, {});
  }
  return true;
}

bool RowProgram::read_text(const ColumnOp& op, std::string_view text, Value& value, Batch& batch, Rule& rule) {
  const FeedColumn& c = *op.column;
  rule = Rule::type;
  switch (c.kind) {
    case ColumnKind::text:
    case ColumnKind::word: return true;
    case ColumnKind::date:
    case ColumnKind::instant: return read_date(op, text, value, batch, rule);
    case ColumnKind::time: {
      const auto second = parse_time(text);
      if (second) value.integer = *second;
      return second.has_value();
    }
    case ColumnKind::integer:
    case ColumnKind::pence: {
      const auto number = parse_integer(text);
      if (number) value.integer = *number;
      return number.has_value();
    }
    case ColumnKind::number: {
      const auto number = parse_number(text);
      if (number) value.number = *number * c.factor + c.offset;
      return number.has_value();
    }
    case ColumnKind::pounds: {
      const auto pence = parse_pounds(text);
      if (pence) value.integer = *pence;
      return pence.has_value();
    }
    case ColumnKind::flag: {
      const auto flag = parse_flag(text);
      if (flag) value.integer = *flag ? 1 : 0;
      return flag.has_value();
    }
    case ColumnKind::nhs_number: {
      const auto result = read_nhs_number(text);
      rule = Rule::nhs_number;
      if (result.fault != NhsNumberFault::none) return false;
      value.integer = static_cast<std::int64_t>(result.number.digits);
      char* room = batch.arena.reserve(10);
      std::uint64_t digits = result.number.digits;
      for (std::size_t i = 10; i-- > 0; digits /= 10) room[i] = static_cast<char>('0' + digits % 10);
      batch.arena.commit(10);
      value.text = {room, 10};
      return true;
    }
    case ColumnKind::postcode: {
      char* room = batch.arena.reserve(9);
      const auto tidy = tidy_postcode(text, room);
      if (tidy.empty()) return false;
      batch.arena.commit(9);
      value.text = tidy;
      return true;
    }
    case ColumnKind::area:
    case ColumnKind::organisation: {
      value.text = upper_in(text, batch.arena);
      rule = Rule::length;
      return text.size() <= 64;
    }
    case ColumnKind::code: {
      std::string_view system = c.system;
      if (c.system_column >= 0) {
        const Value& from = values_[static_cast<std::size_t>(c.system_column)];
        if (from.good()) system = from.text;
      }
      char* room = batch.arena.reserve(24);
      value.text = tidy_code(system, text, room);
      if (value.text.data() == room) batch.arena.commit(value.text.size());
      rule = Rule::code_shape;
      return c.system_column >= 0 ? value.text.size() <= 64 : code_shape(system, value.text);
    }
  }
  return false;
}

void RowProgram::read_column(std::size_t index, const Cell& cell, Batch& batch) {
  const ColumnOp& op = columns_[index];
  const FeedColumn& c = *op.column;
  Value& value = values_[index];
  value.state = Value::State::missing;
  value.text = {};
  bool good = true;
  Rule rule = Rule::type;
  switch (cell.kind) {
    case Cell::Kind::null: break;
    case Cell::Kind::text: {
      std::string_view text = trim(cell.text);
      if (!text.empty())
        for (const auto& null : c.nulls)
          if (text == null) text = {};
      if (!text.empty() && feed_.nulls.size() > 1)
        for (const auto& null : feed_.nulls)
          if (text == null) text = {};
      if (text.empty()) break;
      if (op.map != nullptr) text = op.map->apply(text);
      if (text.empty()) break;
      value.text = text;
      value.state = Value::State::good;
      good = read_text(op, text, value, batch, rule);
      break;
    }
    default: {
      value.state = Value::State::good;
      if (cell.kind == Cell::Kind::number) {
        value.number = c.kind == ColumnKind::number ? cell.number * c.factor + c.offset : 0;
        if (c.kind == ColumnKind::integer) value.integer = static_cast<std::int64_t>(cell.number);
      } else if (cell.kind == Cell::Kind::date) {
        value.days = static_cast<std::int32_t>(cell.integer);
      } else if (cell.kind == Cell::Kind::instant) {
        value.integer = cell.integer;
        value.days = static_cast<std::int32_t>(cell.integer >= 0 ? cell.integer / 86400000 : (cell.integer - 86399999) / 86400000);
      } else if (c.kind == ColumnKind::number) {
        value.number = static_cast<double>(cell.integer) * c.factor + c.offset;
      } else {
        value.integer = cell.integer;
      }
      value.precision = Precision::day;
    }
  }
  if (value.state == Value::State::missing) {
    if (c.required) {
      ++batch.columns[index].bad;
      fail(index, Rule::required, {}, batch);
    }
    return;
  }
  ++batch.columns[index].present;
  if (good && !within(op, value, rule)) {
    good = false;
    if (c.bad == Bad::keep) {
      ++batch.columns[index].bad;
      fail(index, rule, value.text, batch);
      return;
    }
  }
  if (good) {
    bool list_fault = false;
    if (!c.in.empty() && std::find(c.in.begin(), c.in.end(), value.text) == c.in.end()) rule = Rule::list, list_fault = true;
    if (op.codelist != nullptr && !list_fault) {
      scratch_.assign(value.text);
      if (!op.codelist->contains(scratch_)) rule = Rule::code_unknown, list_fault = true;
    }
    if (c.max_length && static_cast<std::int64_t>(value.text.size()) > *c.max_length) rule = Rule::length, list_fault = true;
    if (!list_fault) return;
  }
  ++batch.columns[index].bad;
  fail(index, rule, cell.text, batch);
  if (c.bad != Bad::keep || rule == Rule::type || rule == Rule::nhs_number) {
    value.state = Value::State::bad;
    value.text = {};
  }
}

}  // namespace catchment::intake
