#include "measures/record_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <typeinfo>

#include "fhir/data/patient_id.h"
#include "measures/person_object.h"
#include "measures/record_parts.h"
#include "measures/record_retrieve.h"
#include "measures/row_index.h"

namespace catchment::measures {

using cql::Kind;
using cql::Value;
using records::no_value;

class RowObject;

namespace {

std::string id_text(const ShapeMap& shape, std::int64_t source, std::int64_t line) {
  std::string table(shape.table);
  std::replace(table.begin(), table.end(), '_', '.');
  return fmt::format("{}-{}-{}", table, source == no_value ? 0 : source, line == no_value ? 0 : line);
}

std::size_t at(std::int16_t column) { return static_cast<std::size_t>(column); }

constexpr std::size_t no_element = SIZE_MAX;

}  // namespace

/// Words of the record, made values once; rows of one person, made objects when asked for.
struct RecordView::State {
  State(const RecordColumns& c, const records::Dictionaries& w);
  ~State();

  const RecordColumns& columns;
  const records::Dictionaries& words;
  records::PersonSummary person;
  RowRanges rows{};
  SentResources* sent = nullptr;
  /// By shape, element and word: what the element is for that word; null when FHIR has none.
  std::vector<std::vector<std::vector<Value>>> word_values, second_word_values;
  std::vector<std::vector<Value>> constants;  // by shape, element
  std::vector<std::uint32_t> chosen_words;    // by shape: the words of `chosen_by` that its rows have
  std::vector<bool> chosen_unsaid;            // and whether a row that does not say is one
  mutable std::vector<Value> concepts;        // CodeableConcepts by code id
  const std::vector<BoundRetrieve>* retrieves = nullptr;  // known in advance
  std::vector<std::size_t> place;  // by node id: one past its place among them; 0 when it is not
  RowIndex index;
  mutable std::vector<std::unique_ptr<RowObject>> objects;  // used again for each person
  mutable std::size_t used = 0;
  mutable std::vector<Value> made;  // by place: the person's rows as objects, once asked for; goes before `objects`
  mutable std::vector<std::size_t> made_places;
  std::function<PersonId(std::size_t table, std::size_t row)> owner;  // of rows of several persons

  /// Elements asked for lately, found by where their key stands in memory: steps ask with the same few keys.
  struct AskedElement {
    std::string key;
    std::size_t shape = SIZE_MAX, place = SIZE_MAX;
  };
  mutable std::array<AskedElement, 256> asked;

  const RowColumns& table(const ShapeMap& shape) const { return columns[at(shape.table_index)]; }
  std::int64_t cell(const ShapeMap& shape, std::int16_t column, std::size_t row) const {
    return column < 0 ? no_value : table(shape).cells[at(column)].at(row);
  }
  /// Its place among the elements of the shape, or no_element.
  std::size_t element_place(std::size_t shape, std::string_view key) const;
  /// Of the resource the row came from, when those are read and its feed sent one.
  Value sent_element(std::size_t shape, std::size_t row, std::string_view key, std::string_view type) const;
  Value concept_of(std::int64_t code) const;
  Value element_value(std::size_t shape_index, std::size_t element_index, std::size_t row) const;
  Value organisation(const ShapeMap& shape, const ElementMap& element, std::size_t row) const;
  bool chosen(std::size_t shape_index, std::size_t row) const;
  bool wanted(const RetrieveSource& source, std::size_t row) const;
  bool is_not_done(std::size_t shape_index, std::size_t row) const;
  Value object(std::size_t shape_index, std::size_t row, std::string_view type) const;
  std::vector<Value> rows_of(const BoundRetrieve& bound) const;
  Value known_rows(std::size_t at_place) const;
};

/// A resource that is a view of a row.
class RowObject final : public cql::Object {
 public:
  RowObject(const RecordView::State& state, std::size_t shape, std::size_t row, std::string_view type)
      : state_(&state), shape_(shape), row_(row), type_(type) {}
  void show(std::size_t shape, std::size_t row, std::string_view type) {
    shape_ = shape;
    row_ = row;
    type_ = type;
    kept_ = Value();
  }
  std::string_view type_name() const override { return type_; }
  Value element(std::string_view key, std::string_view type) const override {
    const std::size_t place = state_->element_place(shape_, key);
    if (place != no_element) return shown(value_of(place), type);
    if (key == "id") return Value::string(id());
    return state_->sent_element(shape_, row_, key, type);
  }
  Value converted(std::string_view) const override { return {}; }
  std::vector<Value> elements() const override {
    std::vector<Value> all;
    for (std::size_t i = 0; i < map().elements.size(); ++i)
      if (Value value = state_->element_value(shape_, i, row_); !value.is_null()) all.push_back(std::move(value));
    return all;
  }
  bool equals(const cql::Object& other) const override {
    if (typeid(other) != typeid(RowObject)) return false;
    const auto& row = static_cast<const RowObject&>(other);
    return row.shape_ == shape_ && row.row_ == row_;
  }
  std::size_t hash() const override { return (row_ * records::table_count + shape_) * 0x9E3779B97F4A7C15ULL; }
  std::string label() const override { return std::string(map().resource) + "/" + id(); }

 private:
  const ShapeMap& map() const { return shapes()[shape_]; }
  /// What takes making and is asked for again and again, a period or a quantity, is made once; the last one
  /// only.
  Value value_of(std::size_t element) const {
    const How how = map().elements[element].how;
    if (how != How::period && how != How::timed_period && how != How::quantity) return state_->element_value(shape_, element, row_);
    if (kept_.is_null() || kept_element_ != element) {
      kept_ = state_->element_value(shape_, element, row_);
      kept_element_ = element;
    }
    return kept_;
  }
  std::string id() const {
    const RowColumns& table = state_->table(map());
    return id_text(map(), table.sources.at(row_), table.lines.at(row_));
  }
  /// A list is asked element by element.
  static Value shown(Value value, std::string_view type) {
    if (type.starts_with("FHIR.")) return value;
    if (!value.is(Kind::list)) return as_asked(std::move(value), type);
    std::vector<Value> items;
    for (const Value& item : value.as_list()) items.push_back(as_asked(item, type));
    return Value::list(std::move(items));
  }

  const RecordView::State* state_;
  std::size_t shape_, row_;
  std::string_view type_;
  mutable Value kept_;
  mutable std::size_t kept_element_ = 0;
};

namespace {

Value own_concept(std::string_view system, std::string_view word) {
  return concept_object(Value::concept_({Value::code(std::string(word), std::string(system))}));
}

std::string_view fhir_word(const ElementMap& element, std::string_view ours) {
  for (const WordPair& pair : element.words)
    if (pair.ours == ours) return pair.fhir;
  return {};
}

/// What the element is for one of our words.
Value word_value(const ElementMap& element, std::string_view ours) {
  const std::string fhir(fhir_word(element, ours));
  const auto coded = [&](std::string_view code) { return Value::code(std::string(code), std::string(element.system)); };
  switch (element.how) {
    case How::word: return fhir.empty() ? Value() : Value::string(fhir);
    case How::word_concept: return fhir.empty() ? Value() : own_concept(element.system, fhir);
    case How::word_concepts: return fhir.empty() ? Value() : Value::list({own_concept(element.system, fhir)});
    case How::word_coding: return fhir.empty() ? Value() : coding_object(coded(fhir));
    case How::kinds: return own_concept(encounter_kind_system, ours);
    case How::services: return own_concept(care_service_kind_system, ours);
    case How::screening_outcome: return ours == "normal" || ours == "abnormal" || ours == "inadequate" ? own_concept(element.system, ours) : Value();
    case How::place_of_death: {
      Value code = concept_object(Value::concept_({Value::code("58332-8", "http://loinc.org", "", "Location of death")}, "Location of death"));
      return Value::list({part_object("FHIR.Observation.Component", {{"code", std::move(code)}, {"valueCodeableConcept", own_concept(element.system, ours)}})});
    }
    default: return {};
  }
}

bool has_words(const ElementMap& element) {
  switch (element.how) {
    case How::word:
    case How::word_concept:
    case How::word_concepts:
    case How::word_coding:
    case How::kinds:
    case How::services:
    case How::screening_outcome:
    case How::place_of_death: return true;
    default: return false;
  }
}

std::int16_t word_column(const ElementMap& element) { return element.how == How::kinds || element.how == How::services ? element.other : element.column; }

std::vector<Value> all_words(const ShapeMap& shape, std::int16_t column, const ElementMap& element) {
  std::vector<Value> values;
  for (const std::string_view ours : records::words_of(records::tables[shape.table_index].columns[at(column)])) values.push_back(word_value(element, ours));
  return values;
}

}  // namespace

RecordView::State::State(const RecordColumns& c, const records::Dictionaries& w) : columns(c), words(w), concepts(w.codes.size()) {
  for (const ShapeMap& shape : shapes()) {
    auto& values = word_values.emplace_back(shape.elements.size());
    auto& seconds = second_word_values.emplace_back(shape.elements.size());
    auto& fixed = constants.emplace_back(shape.elements.size());
    std::uint32_t words_chosen = 0;
    bool unsaid = true;
    if (shape.chosen_by != no_column) {
      const auto list = records::words_of(records::tables[shape.table_index].columns[at(shape.chosen_by)]);
      for (std::size_t i = 0; i < list.size() && i < 32; ++i)
        if (std::find(shape.chosen.begin(), shape.chosen.end(), list[i]) != shape.chosen.end()) words_chosen |= 1U << i;
      unsaid = shape.chosen.front() == list.front();  // a row that does not say is of the usual kind
    }
    chosen_words.push_back(words_chosen);
    chosen_unsaid.push_back(unsaid);
    for (std::size_t i = 0; i < shape.elements.size(); ++i) {
      const ElementMap& element = shape.elements[i];
      if (has_words(element)) values[i] = all_words(shape, word_column(element), element);
      if (element.how == How::constant) fixed[i] = Value::string(std::string(element.constant));
      if (element.how == How::own_code) fixed[i] = own_concept(element.system, element.constant);
      if (element.how == How::services) {
        for (const std::string_view setting : records::words_of(records::tables[shape.table_index].columns[at(element.other) + 1]))
          seconds[i].push_back(own_concept(care_service_setting_system, setting));
      }
      if (element.how == How::hospitalization) {
        const auto columns_of = records::tables[shape.table_index].columns;
        for (const std::string_view word : records::words_of(columns_of[at(element.column)]))
          values[i].push_back(own_concept("urn:catchment:admission-method", word));
        for (const std::string_view word : records::words_of(columns_of[at(element.other)]))
          seconds[i].push_back(own_concept("urn:catchment:discharge-destination", word));
      }
    }
  }
}

RecordView::State::~State() = default;

std::size_t RecordView::State::element_place(std::size_t shape, std::string_view key) const {
  AskedElement& known = asked[(reinterpret_cast<std::uintptr_t>(key.data()) / 8 + shape * 31) % asked.size()];
  if (known.shape == shape && known.key == key) return known.place;
  const auto& all = shapes()[shape].elements;
  const auto found = std::find_if(all.begin(), all.end(), [key](const ElementMap& element) { return element.key == key; });
  known = {std::string(key), shape, found == all.end() ? no_element : static_cast<std::size_t>(found - all.begin())};
  return known.place;
}

Value RecordView::State::sent_element(std::size_t shape_index, std::size_t row, std::string_view key, std::string_view type) const {
  if (sent == nullptr) return {};
  const ShapeMap& shape = shapes()[shape_index];
  const std::int64_t source = table(shape).sources.at(row), line = table(shape).lines.at(row);
  if (source == no_value || line == no_value) return {};
  return sent->element(SourceId{static_cast<std::int32_t>(source)}, line, shape.resource, key, type);
}

Value RecordView::State::concept_of(std::int64_t code) const {
  if (code <= 0 || static_cast<std::size_t>(code) >= words.codes.size()) return {};
  Value& known = concepts[static_cast<std::size_t>(code)];
  if (known.is_null()) {
    const records::CodeEntry& entry = words.codes[static_cast<std::size_t>(code)];
    known = concept_object(Value::concept_({Value::code(entry.code, entry.system, "", entry.display)}, entry.display));
  }
  return known;
}

Value RecordView::State::organisation(const ShapeMap& shape, const ElementMap& element, std::size_t row) const {
  std::int64_t id = cell(shape, element.column, row);
  if (element.column == no_column) id = table(shape).organisations.at(row);
  if (id <= 0 || static_cast<std::size_t>(id) >= words.organisations.size()) return {};
  Value reference = reference_object("Organization/" + words.organisations[static_cast<std::size_t>(id)].code);
  if (element.key != "performer") return reference;
  if (shape.resource == "Immunization") reference = part_object("FHIR.Immunization.Performer", {{"actor", std::move(reference)}});
  return Value::list({std::move(reference)});
}

namespace {

const Value& word_at(const std::vector<Value>& values, std::int64_t word) {
  static const Value none;
  return word < 0 || static_cast<std::size_t>(word) >= values.size() ? none : values[static_cast<std::size_t>(word)];
}

Value listed(std::vector<Value> values) {
  std::erase_if(values, [](const Value& value) { return value.is_null(); });
  return values.empty() ? Value() : Value::list(std::move(values));
}

}  // namespace

Value RecordView::State::element_value(std::size_t shape_index, std::size_t element_index, std::size_t row) const {
  const ShapeMap& shape = shapes()[shape_index];
  const ElementMap& element = shape.elements[element_index];
  const auto& own_words = word_values[shape_index][element_index];
  const auto& second_words = second_word_values[shape_index][element_index];
  const std::int64_t first = cell(shape, element.column, row);
  switch (element.how) {
    case How::code: return concept_of(first);
    case How::codes: return listed({concept_of(first)});
    case How::own_code:
    case How::constant: return constants[shape_index][element_index];
    case How::word:
    case How::word_concept:
    case How::word_concepts:
    case How::word_coding:
    case How::screening_outcome:
    case How::place_of_death: return word_at(own_words, first);
    case How::date: return day_value(first);
    case How::period: return period_object(day_value(first), day_value(cell(shape, element.other, row)));
    case How::timed_period: {
      const std::int64_t moment = cell(shape, static_cast<std::int16_t>(element.other + 1), row);
      return period_object(moment == no_value ? day_value(first) : moment_value(moment, first), day_value(cell(shape, element.other, row)));
    }
    case How::whole: return first == no_value ? Value() : Value::integer(static_cast<std::int32_t>(first));
    case How::quantity: {
      if (first == no_value) return {};
      const std::int64_t comparator = cell(shape, static_cast<std::int16_t>(element.other + 2), row);
      const auto& column = records::tables[shape.table_index].columns[at(element.other) + 2];
      const std::int64_t unit = cell(shape, element.other, row);
      return quantity_object(decimal_of(std::bit_cast<double>(first)),
                             unit > 0 ? std::string_view(words.unit(static_cast<std::int32_t>(unit))) : std::string_view(),
                             comparator == no_value ? std::string_view() : records::words_of(column)[static_cast<std::size_t>(comparator)], "FHIR.Quantity");
    }
    case How::days: return first == no_value ? Value() : quantity_object(cql::Decimal::of(first), "d", {}, "FHIR.Quantity");
    case How::text: return first == no_value ? Value() : Value::string(table(shape).texts[static_cast<std::size_t>(first)]);
    case How::patient: return reference_object("Patient/" + std::to_string((owner ? owner(at(shape.table_index), row) : person.person).value));
    case How::encounter: return first == no_value ? Value() : reference_object("Encounter/" + table(shape).texts[static_cast<std::size_t>(first)]);
    case How::organisation: return organisation(shape, element, row);
    case How::hospitalization:
      return part_object("FHIR.Encounter.Hospitalization",
                         {{"admitSource", word_at(own_words, first)}, {"dischargeDisposition", word_at(second_words, cell(shape, element.other, row))}});
    case How::dispense_request: {
      const std::int64_t days = cell(shape, element.other, row);
      Value supplied = days == no_value ? Value() : quantity_object(cql::Decimal::of(days), "d", {}, "FHIR.Duration");
      Value amount = first == no_value ? Value() : quantity_object(decimal_of(std::bit_cast<double>(first)), {}, {}, "FHIR.SimpleQuantity");
      return part_object("FHIR.MedicationRequest.DispenseRequest", {{"quantity", std::move(amount)}, {"expectedSupplyDuration", std::move(supplied)}});
    }
    case How::dose_number:
      return first == no_value
          ? Value()
          : Value::list({part_object("FHIR.Immunization.ProtocolApplied", {{"doseNumberPositiveInt", Value::integer(static_cast<std::int32_t>(first))}})});
    case How::rank:
      return first == no_value ? Value()
                               : Value::list({part_object("FHIR.Extension",
                                                          {{"url", Value::string(std::string(diagnosis_rank_url))},
                                                           {"valuePositiveInt", Value::integer(static_cast<std::int32_t>(first))}})});
    case How::local_id:
      return Value::string(first == no_value ? id_text(shape, table(shape).sources.at(row), table(shape).lines.at(row))
                                             : table(shape).texts[static_cast<std::size_t>(first)]);
    case How::kinds: return listed({concept_of(first), word_at(own_words, cell(shape, element.other, row))});
    case How::services:
      return listed({concept_of(first), word_at(own_words, cell(shape, element.other, row)),
                     word_at(second_words, cell(shape, static_cast<std::int16_t>(element.other + 1), row))});
  }
  return {};
}

bool RecordView::State::chosen(std::size_t shape_index, std::size_t row) const {
  const ShapeMap& shape = shapes()[shape_index];
  if (shape.chosen_by == no_column) return true;
  const std::int64_t word = cell(shape, shape.chosen_by, row);
  if (word < 0 || word >= 32) return chosen_unsaid[shape_index];
  return (chosen_words[shape_index] & (1U << word)) != 0;
}

bool RecordView::State::wanted(const RetrieveSource& source, std::size_t row) const {
  if (source.every) return true;
  const ShapeMap& shape = shapes()[source.shape];
  const std::int64_t code = cell(shape, shape.code_column, row);
  if (code > 0 && static_cast<std::size_t>(code) < source.has_code.size() && source.has_code[static_cast<std::size_t>(code)]) return true;
  if (source.first_words == 0 && source.second_words == 0) return false;
  const ElementMap& element = *code_element(shape);
  const auto in_mask = [&](std::uint32_t mask, std::int16_t column) {
    const std::int64_t word = mask == 0 ? no_value : cell(shape, column, row);
    return word >= 0 && word < 32 && (mask & (1U << word)) != 0;
  };
  return in_mask(source.first_words, element.other) || in_mask(source.second_words, static_cast<std::int16_t>(element.other + 1));
}

bool RecordView::State::is_not_done(std::size_t shape_index, std::size_t row) const {
  const auto& elements = shapes()[shape_index].elements;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].key != "status") continue;
    const Value status = element_value(shape_index, i, row);
    if (!status.is(Kind::string)) return false;
    const std::string& word = status.as_string();
    return word == "not-done" || word == "revoked" || word == "cancelled";
  }
  return false;
}

Value RecordView::State::object(std::size_t shape_index, std::size_t row, std::string_view type) const {
  if (used < objects.size()) {
    objects[used]->show(shape_index, row, type);
  } else {
    objects.push_back(std::make_unique<RowObject>(*this, shape_index, row, type));
    Value::object(objects.back().get()).freeze();  // counted by nobody: the view owns it
  }
  return Value::object(objects[used++].get());
}

std::vector<Value> RecordView::State::rows_of(const BoundRetrieve& retrieve) const {
  std::vector<Value> out;
  const std::string& type = retrieve.node->type.element().name();
  for (const RetrieveSource& source : retrieve.sources) {
    const ShapeMap& shape = shapes()[source.shape];
    const RowRange range = rows[at(shape.table_index)];
    for (std::size_t row = range.begin; row < range.end; ++row) {
      if (!wanted(source, row) || !chosen(source.shape, row)) continue;
      if (retrieve.node->negation && !is_not_done(source.shape, row)) continue;
      out.push_back(object(source.shape, row, type));
    }
  }
  return out;
}

/// Of a retrieve known in advance: made once a person, however many runs ask.
Value RecordView::State::known_rows(std::size_t at_place) const {
  Value& known = made[at_place];
  if (!known.is_null()) return known;
  const BoundRetrieve& retrieve = (*retrieves)[at_place];
  const std::string& type = retrieve.node->type.element().name();
  std::vector<Value> out;
  const auto add = [&](std::size_t shape, std::size_t row) {
    if (chosen(shape, row) && (!retrieve.node->negation || is_not_done(shape, row))) out.push_back(object(shape, row, type));
  };
  for (std::size_t s = 0; s < retrieve.sources.size(); ++s) {
    const RetrieveSource& source = retrieve.sources[s];
    if (source.every) {
      const RowRange range = rows[at(shapes()[source.shape].table_index)];
      for (std::size_t row = range.begin; row < range.end; ++row) add(source.shape, row);
    } else {
      for (const std::uint32_t row : index.rows(at_place, s)) add(source.shape, row);
    }
  }
  known = Value::list(std::move(out));
  made_places.push_back(at_place);
  return known;
}

RecordView::RecordView(const RecordColumns& columns, const records::Dictionaries& words) : state_(std::make_unique<State>(columns, words)) {}
RecordView::~RecordView() = default;

void RecordView::begin(const records::PersonSummary& person, const RowRanges& rows) {
  state_->person = person;
  state_->rows = rows;
  if (state_->sent != nullptr) state_->sent->begin(person.person);
  for (const std::size_t place : state_->made_places) state_->made[place] = Value();
  state_->made_places.clear();
  if (!state_->owner) state_->used = 0;
  if (state_->retrieves != nullptr) state_->index.begin(state_->columns, rows);
}

std::span<const std::uint64_t> RecordView::found() const { return state_->retrieves == nullptr ? std::span<const std::uint64_t>{} : state_->index.found(); }

void RecordView::use(const std::vector<BoundRetrieve>& retrieves) {
  state_->retrieves = &retrieves;
  state_->made.resize(retrieves.size());
  state_->index.use(retrieves, state_->words.codes.size());
  for (std::size_t i = 0; i < retrieves.size(); ++i) {
    const BoundRetrieve& retrieve = retrieves[i];
    if (!retrieve.known || !state_->index.holds(i)) continue;
    if (retrieve.node->id >= state_->place.size()) state_->place.resize(retrieve.node->id + 1U);
    state_->place[retrieve.node->id] = i + 1;
  }
}

void RecordView::hold_everyone(std::function<PersonId(std::size_t, std::size_t)> owner) { state_->owner = std::move(owner); }

std::vector<const cql::DataProvider*> RecordView::everyone() const {
  return everyone_ == nullptr ? std::vector<const cql::DataProvider*>() : everyone_->everyone();
}

void RecordView::read_sent(SentResources* sent) { state_->sent = sent; }

Value RecordView::subject() const { return person_object(state_->person, state_->words, patient_class_); }

cql::Retrieved RecordView::retrieve(const cql::Retrieve& retrieve, const Value& terminology, const Value& context) const {
  if (retrieve.unfiltered && !state_->owner) {
    if (everyone_ != nullptr) return everyone_->retrieve(retrieve, terminology, context);
    throw cql::EvaluationError("rows of everyone at once are not at hand", "take the definition out of `context Unfiltered`");
  }
  if (retrieve.context) {
    const std::string id = fhir::patient_id(context);
    if (id.empty()) return {Value::list({}), true};
    if (id != std::to_string(state_->person.person.value))
      throw cql::EvaluationError("rows of another person are not at hand", "ask of the patient alone: a snapshot holds no related persons");
  }
  if (retrieve.resource_type == "Patient") return {Value::list({subject()}), true};
  if (retrieve.id < state_->place.size() && state_->place[retrieve.id] != 0) {
    const std::size_t place = state_->place[retrieve.id] - 1;
    return {state_->known_rows(place), (*state_->retrieves)[place].filtered};
  }
  const BoundRetrieve bound = bind_retrieve(retrieve, terminology, state_->words);
  return {Value::list(state_->rows_of(bound)), bound.filtered};
}

std::optional<bool> RecordView::finds(const cql::Retrieve& retrieve) const {
  if (retrieve.unfiltered || retrieve.negation || retrieve.context || retrieve.id >= state_->place.size() || state_->place[retrieve.id] == 0)
    return std::nullopt;
  const std::size_t place = state_->place[retrieve.id] - 1;
  const BoundRetrieve& bound = (*state_->retrieves)[place];
  if (!bound.filtered) return std::nullopt;
  for (std::size_t s = 0; s < bound.sources.size(); ++s) {
    const ShapeMap& shape = shapes()[bound.sources[s].shape];
    const RowRange range = state_->rows[at(shape.table_index)];
    const bool some = bound.sources[s].every ? range.begin != range.end : !state_->index.rows(place, s).empty();
    if (!some) continue;
    if (shape.chosen_by != no_column) return std::nullopt;
    return true;
  }
  return false;
}

std::optional<RowAddress> row_address(std::string_view label) {
  const std::size_t slash = label.find('/');
  const std::size_t line_at = label.rfind('-');
  if (slash == std::string_view::npos || line_at == std::string_view::npos || line_at <= slash) return std::nullopt;
  const std::size_t source_at = label.rfind('-', line_at - 1);
  if (source_at == std::string_view::npos || source_at <= slash) return std::nullopt;
  RowAddress address;
  address.table = std::string(label.substr(slash + 1, source_at - slash - 1));
  std::replace(address.table.begin(), address.table.end(), '.', '_');
  const std::string_view source = label.substr(source_at + 1, line_at - source_at - 1), line = label.substr(line_at + 1);
  const auto read = [](std::string_view text, auto& number) {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size();
  };
  if (!read(source, address.source.value) || !read(line, address.line)) return std::nullopt;
  return address;
}

}  // namespace catchment::measures
