// From rows of a file to cells, checks, subjects and identities.
#include "intake/row_program.h"

#include <algorithm>

#include "intake/closed_list.h"
#include "intake/row_operations.h"

namespace catchment::intake {

namespace {
constexpr std::int32_t no_day = INT32_MIN;
}

RowProgram::RowProgram(const FilePlan& plan, const RunContext& context, LocalDictionary& dictionary)
    : plan_(plan), feed_(*plan.feed), context_(context), dictionary_(dictionary), latest_day_(context.as_of.days) {
  for (const auto& [name, map] : feed_.maps) maps_[name] = std::make_unique<CompiledMap>(map);
  const auto map_of = [&](const std::string& name) -> const CompiledMap* { return name.empty() ? nullptr : maps_.at(name).get(); };
  for (std::size_t i = 0; i < feed_.columns.size(); ++i) {
    const FeedColumn& c = feed_.columns[i];
    ColumnOp op;
    op.column = &c;
    op.cell = plan.where[i];
    op.map = map_of(c.map);
    for (const auto& f : c.formats) op.patterns.emplace_back(f);
    if (!c.codelist.empty()) op.codelist = &context.definitions->codelists.at(c.codelist);
    columns_.push_back(std::move(op));
    if (plan.where[i] >= 0) used_.push_back(i);
    if (plan.where[i] >= 0 && c.kind == ColumnKind::organisation && c.registered && context.organisations != nullptr && !fills_register(feed_))
      organisation_columns_.push_back(i);
  }
  // A code whose system stands in another column is read after it.
  std::stable_partition(used_.begin(), used_.end(), [&](std::size_t i) { return feed_.columns[i].system_column < 0; });
  values_.resize(columns_.size());
  if (!plan.partner.empty()) partner_id_ = dictionary_.id(Word::organisation, {}, plan.partner);
  const auto field_of = [&](const Expression& e, std::string_view allowed, records::Kind target) {
    FieldOp f;
    f.expression = &e;
    f.map = map_of(e.map);
    f.allowed = allowed;
    if (e.kind == Expression::Kind::constant) {
      switch (target) {
        case records::Kind::code: f.constant = Slot::of(dictionary_.id(Word::code, e.system, e.text)); break;
        case records::Kind::unit: f.constant = Slot::of(dictionary_.id(Word::unit, {}, e.text)); break;
        case records::Kind::organisation: f.constant = Slot::of(dictionary_.id(Word::organisation, {}, e.text)); break;
        case records::Kind::area: f.constant = Slot::of(dictionary_.id(Word::area, {}, e.text)); break;
        case records::Kind::integer:
        case records::Kind::pence: f.constant = Slot::of(parse_integer(e.text).value_or(0)); break;
        case records::Kind::flag: f.constant = Slot::of(parse_flag(e.text).value_or(false) ? 1 : 0); break;
        case records::Kind::number: f.constant = Slot::of_number(parse_number(e.text).value_or(0)); break;
        case records::Kind::date:
          if (const auto d = Date::parse(e.text)) f.constant = Slot::of(d->days);
          break;
        case records::Kind::word:
          if (const auto place = place_in_closed_list(allowed, e.text)) f.constant = Slot::of(*place);
          break;
        default: f.constant = Slot::of_text(e.text);
      }
    }
    return f;
  };
  for (const auto& rule : feed_.records) {
    RecordOp op;
    op.rule = &rule;
    op.table = &records::table_at(static_cast<std::size_t>(rule.table));
    for (std::size_t i = 0; i < rule.fields.size(); ++i) {
      const records::Column& target = op.table->columns[i];
      op.fields.push_back(field_of(rule.fields[i], target.kind == records::Kind::word ? target.note : std::string_view{}, target.kind));
      const int at = static_cast<int>(i);
      if (target.name == "value" || target.name == "quantity") op.value = at;
      if (target.kind == records::Kind::unit) op.unit = at;
      if (target.kind == records::Kind::code && op.code < 0) op.code = at;
      if (target.kind == records::Kind::date && op.event < 0 && target.name != "invited_date") op.event = at;
    }
    op.convert = op.table->name == "observation";
    if (op.value >= 0)
      for (const int c : rule.fields[static_cast<std::size_t>(op.value)].columns) op.column_unit = feed_.columns[static_cast<std::size_t>(c)].unit;
    records_.push_back(std::move(op));
  }
  for (const auto& e : feed_.identity) identity_.push_back(field_of(e, {}, records::Kind::local_id));
  for (const auto& check : feed_.checks)
    if (check.kind == CheckRule::Kind::unique) unique_ = &check;
}

RowProgram::~RowProgram() = default;

void RowProgram::split(std::string_view row, bool quoted, Batch& batch) {
  cells_.clear();
  const char* p = row.data();
  const char* const end = p + row.size();
  const char separator = plan_.separator;
  const char quote = feed_.quote;
  while (true) {
    if (quoted && p < end && *p == quote) {
      const char* from = ++p;
      bool doubled = false;
      while (p < end && !(*p == quote && (p + 1 == end || p[1] != quote))) {
        if (*p == quote) doubled = true, ++p;
        ++p;
      }
      std::string_view cell(from, static_cast<std::size_t>(std::min(p, end) - from));
      if (doubled) {
        char* const room = batch.arena.reserve(cell.size());
        std::size_t n = 0;
        for (std::size_t i = 0; i < cell.size(); ++i) {
          room[n++] = cell[i];
          if (cell[i] == quote) ++i;
        }
        batch.arena.commit(n);
        cell = {room, n};
      }
      cells_.push_back(cell);
      while (p < end && *p != separator) ++p;
    } else {
      const char* from = p;
      while (p < end && *p != separator) ++p;
      cells_.emplace_back(from, static_cast<std::size_t>(p - from));
    }
    if (p >= end) return;
    ++p;
  }
}

void RowProgram::begin_row(std::uint64_t line, std::string_view raw, Batch& batch) {
  InputRow& row = batch.rows.emplace_back();
  row.line = line;
  row.raw = raw;
  row.staged_begin = row.staged_end = static_cast<std::uint32_t>(batch.staged.size());
}

void RowProgram::row_fault(const Block& block, const RowSpan& span, Rule rule, Batch& batch) {
  begin_row(span.line, {block.bytes.data() + span.begin, span.end - span.begin}, batch);
  batch.find(span.line, -1, rule, Level::error, {});
  quarantine(batch.rows.back(), rule, -1);
}

void RowProgram::run(const Block& block, Batch& batch) {
  for (const RowSpan& span : block.rows) {
    switch (span.state) {
      case RowState::too_long: row_fault(block, span, Rule::line_too_long, batch); continue;
      case RowState::broken_quote: row_fault(block, span, Rule::quoting, batch); continue;
      case RowState::unfinished: row_fault(block, span, Rule::truncated, batch); continue;
      default: break;
    }
    const std::string_view raw(block.bytes.data() + span.begin, span.end - span.begin);
    std::string_view row = raw;
    bool converted = false;
    if (has_high_bytes(row) && (feed_.encoding == "windows-1252" || !valid_utf8(row))) {
      converted = feed_.encoding != "windows-1252";
      row = from_windows_1252(row, batch.arena);
    }
    split(row, span.state == RowState::quoted, batch);
    while (cells_.size() > plan_.cells && cells_.back().empty()) cells_.pop_back();
    if (cells_.size() != plan_.cells) {
      row_fault(block, span, Rule::cells, batch);
      continue;
    }
    begin_row(span.line, row, batch);
    if (converted) batch.find(span.line, -1, Rule::encoding, Level::warning, {});
    for (const std::size_t i : used_) {
      Cell cell;
      cell.kind = Cell::Kind::text;
      cell.text = cells_[static_cast<std::size_t>(columns_[i].cell)];
      read_column(i, cell, batch);
    }
    finish_row(batch);
  }
}

void RowProgram::run_cells(std::uint64_t line, std::string_view raw, std::span<const Cell> cells, Batch& batch) {
  begin_row(line, raw, batch);
  for (const std::size_t i : used_) read_column(i, cells[static_cast<std::size_t>(columns_[i].cell)], batch);
  finish_row(batch);
}

void RowProgram::checks(Batch& batch) {
  InputRow& row = batch.rows.back();
  for (const auto& check : feed_.checks) {
    const auto value = [&](std::size_t i) -> const Value& { return values_[static_cast<std::size_t>(check.columns[i])]; };
    bool failed = false;
    Rule rule = Rule::date_order;
    std::int32_t column = check.columns.back();
    switch (check.kind) {
      case CheckRule::Kind::date_order:
        failed = check.columns.size() == 2 && value(0).good() && value(1).good() && value(0).precision == Precision::day &&
            value(1).precision == Precision::day && value(0).days > value(1).days;
        break;
      case CheckRule::Kind::any_of: {
        rule = Rule::any_of;
        failed = true;
        for (std::size_t i = 0; i < check.columns.size(); ++i) failed = failed && !value(i).good();
        break;
      }
      case CheckRule::Kind::unique: {
        if (&check != unique_) break;
        std::uint64_t hash = 7;
        for (std::size_t i = 0; i < check.columns.size(); ++i) {
          const Value& v = value(i);
          hash = v.text.empty() && v.good() ? hash_text({reinterpret_cast<const char*>(&v.integer), sizeof v.integer}, hash) : hash_text(v.text, hash);
        }
        row.unique = hash == 0 ? 1 : hash;
        row.unique_column = static_cast<std::uint64_t>(check.columns.front());
        break;
      }
    }
    if (!failed) continue;
    const bool refused = check.bad == Bad::quarantine;
    batch.find(row.line, column, rule, refused ? Level::error : Level::warning, {});
    if (refused) quarantine(row, rule, column);
  }
}

void RowProgram::subject(InputRow& row, Batch& batch) {
  row.organisation = partner_id_;
  std::string_view organisation = plan_.partner;
  if (feed_.organisation_column >= 0) {
    const Value& v = values_[static_cast<std::size_t>(feed_.organisation_column)];
    if (v.good()) {
      organisation = v.text;
      row.organisation = dictionary_.id(Word::organisation, {}, v.text);
    }
  }
  const Value* key = feed_.key_column >= 0 ? &values_[static_cast<std::size_t>(feed_.key_column)] : nullptr;
  std::string_view key_text = key != nullptr && key->good() ? key->text : std::string_view{};
  if (key != nullptr && key->good() && key_text.empty()) {  // a number from Parquet
    char* room = batch.arena.reserve(24);
    const auto text = std::to_string(key->integer);
    std::copy(text.begin(), text.end(), room);
    batch.arena.commit(text.size());
    key_text = {room, text.size()};
  }
  if (feed_.key == KeyKind::none) return;
  if (!key_text.empty()) {
    row.key = key_text;
    switch (feed_.key) {
      case KeyKind::none: return;
      case KeyKind::nhs_number:
        row.kind = SubjectKind::nhs_number;
        row.subject_organisation = row.organisation;
        row.subject = hash128(key_text, hash_text(organisation, hash_text("nhs_number")));
        return;
      case KeyKind::local_id:
        row.kind = SubjectKind::local_id;
        row.subject_organisation = row.organisation;
        row.subject = hash128(key_text, hash_text(organisation, hash_text(feed_.key_domain, 2)));
        return;
      case KeyKind::pseudonym:
        row.kind = SubjectKind::pseudonym;
        row.subject = hash128(key_text, hash_text(feed_.key_domain, 3));
        return;
    }
  }
  if (feed_.key == KeyKind::nhs_number && feed_.fallback_key_column >= 0) {
    const Value& fallback = values_[static_cast<std::size_t>(feed_.fallback_key_column)];
    if (fallback.good() && !fallback.text.empty()) {
      row.kind = SubjectKind::local_id;
      row.key = fallback.text;
      row.subject_organisation = row.organisation;
      row.subject = hash128(row.key, hash_text(organisation, hash_text(feed_.name, 2)));
      return;
    }
  }
  if (feed_.key != KeyKind::nhs_number) {
    batch.find(row.line, feed_.key_column, Rule::required, Level::error, {});
    quarantine(row, Rule::required, feed_.key_column);
    return;
  }
  row.kind = SubjectKind::row;
  row.subject_organisation = row.organisation;
  row.subject = {fold(row.line ^ 0x51ED270B7F2E1D4CULL, static_cast<std::uint64_t>(plan_.source) ^ 0xD6E8FEB86659FD93ULL),
                 row.line << 24 ^ static_cast<std::uint64_t>(plan_.source)};
}

void RowProgram::check_organisations(Batch& batch) {
  for (const std::size_t i : organisation_columns_) {
    const Value& value = values_[i];
    if (!value.good() || value.text.empty()) continue;
    ColumnOp& op = columns_[i];
    if (op.last_code != value.text) {
      op.last_code.assign(value.text);
      op.last_times = context_.organisations->times_of(op.last_code);
    }
    if (op.last_times == nullptr ? !context_.organisations->complete() : row_day_ == no_day || op.last_times->open_on(row_day_)) continue;
    const Rule rule = op.last_times == nullptr ? Rule::organisation_unknown : Rule::organisation_retired;
    batch.find(batch.rows.back().line, static_cast<std::int32_t>(i), rule, Level::warning, value_class(value.text));
  }
}

void RowProgram::finish_row(Batch& batch) {
  row_day_ = no_day;
  checks(batch);
  {
    InputRow& row = batch.rows.back();
    if (!row.quarantined) subject(row, batch);
    if (!row.quarantined && !feed_.identity.empty()) identity(row, batch);
    if (row.quarantined) return;
  }
  for (const auto& op : records_) {
    if (!holds(op)) continue;
    if (op.rule->each.empty()) {
      record(op, -1, batch);
      continue;
    }
    for (std::size_t i = 0; i < op.rule->each.size(); ++i)
      if (values_[static_cast<std::size_t>(op.rule->each[i])].good()) record(op, static_cast<int>(i), batch);
  }
  InputRow& row = batch.rows.back();
  row.staged_end = static_cast<std::uint32_t>(batch.staged.size());
  if (!organisation_columns_.empty()) check_organisations(batch);
  if (row.staged_begin == row.staged_end && row.identity < 0) {
    batch.find(row.line, -1, Rule::nothing_to_stage, Level::error, {});
    quarantine(row, Rule::nothing_to_stage, -1);
  }
}

}  // namespace catchment::intake
