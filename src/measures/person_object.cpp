#include "measures/person_object.h"

#include "measures/record_parts.h"

namespace catchment::measures {

using cql::Value;

namespace {

class PatientObject final : public cql::Object {
 public:
  PatientObject(const records::PersonSummary& person, const records::Dictionaries& words, std::string_view type)
      : person_(person), words_(words), type_(type) {}
  std::string_view type_name() const override { return type_; }
  Value element(std::string_view key, std::string_view type) const override {
    Value value = shown(key);
    if (key == "birthDate" && (type == "DateTime" || type == "System.DateTime") && !value.is_null()) {
      cql::Temporal born = value.as_temporal();
      born.kind = cql::TemporalKind::datetime;
      return Value::temporal(born);
    }
    return value;
  }
  Value converted(std::string_view) const override { return {}; }
  std::vector<Value> elements() const override {
    std::vector<Value> all;
    for (const char* key : {"id", "gender", "birthDate", "deceasedDateTime", "managingOrganization"})
      if (Value value = shown(key); !value.is_null()) all.push_back(std::move(value));
    return all;
  }
  bool equals(const cql::Object& other) const override {
    const auto* patient = dynamic_cast<const PatientObject*>(&other);
    return patient != nullptr && patient->person_.person == person_.person;
  }
  std::size_t hash() const override { return std::hash<std::int64_t>()(person_.person.value); }
  std::string label() const override { return "Patient/" + std::to_string(person_.person.value); }

 private:
  Value shown(std::string_view key) const {
    if (key == "birthDate") {
      if (!person_.birth_date) return {};
      const cql::Precision precision = person_.birth_precision == 'y' ? cql::Precision::year
          : person_.birth_precision == 'm'                            ? cql::Precision::month
                                                                      : cql::Precision::day;
      return day_value(person_.birth_date->days, cql::TemporalKind::date, precision);
    }
    if (key == "gender") return Value::string(std::string(records::to_string(person_.sex)));
    if (key == "deceasedDateTime") return person_.death_date ? day_value(person_.death_date->days) : Value();
    if (key == "id") return Value::string(std::to_string(person_.person.value));
    if (key == "managingOrganization" && person_.practice.value > 0 && static_cast<std::size_t>(person_.practice.value) < words_.organisations.size())
      return reference_object("Organization/" + words_.organisations[static_cast<std::size_t>(person_.practice.value)].code);
    return {};
  }

  const records::PersonSummary& person_;
  const records::Dictionaries& words_;
  std::string_view type_;
};

}  // namespace

Value person_object(const records::PersonSummary& person, const records::Dictionaries& words, std::string_view type) {
  return Value::object(new PatientObject(person, words, type));
}

}  // namespace catchment::measures
