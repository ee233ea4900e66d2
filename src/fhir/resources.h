// R4 resources to rows of the record and back, by one table of elements per resource type.
//
// In:     parsed resources (json::Value), or rows of records/schema.h.
// Out:    rows, the identity of a Patient, what a resource is about; or a resource as JSON text.
// Always: what is read from a kept element and written back reads the same again. What no column holds is not in the rows: intake
//         keeps the resource as it was sent beside them. Nothing here throws for what a resource holds. Views live as long as
//         the json::Document and the Mapper's next call.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "json/json.h"
#include "records/schema.h"

namespace catchment::fhir {

inline constexpr std::string_view nhs_number_system = "https://fhir.nhs.uk/Id/nhs-number";
inline constexpr std::string_view organisation_code_system = "https://fhir.nhs.uk/Id/ods-organization-code";

enum class Precision : std::uint8_t { day, month, year };

/// One column's value as FHIR gives it.
struct Field {
  enum class Kind : std::uint8_t { none, code, date, integer, number, text } kind = Kind::none;
  std::string_view system, text, display;   // code: system, code, display; text (words, ids, units, organisations)
  std::int64_t integer = 0;
  double number = 0;
  Date day;                                 // date, as written
  std::optional<std::int64_t> utc_ms;       // when the date came with a time
  Precision precision = Precision::day;
  bool present() const { return kind != Kind::none; }
  static Field of_text(std::string_view t) {
    Field f;
    f.kind = Kind::text;
    f.text = t;
    return f;
  }
  static Field of_code(std::string_view system, std::string_view code, std::string_view display = {}) {
    Field f;
    f.kind = Kind::code;
    f.system = system;
    f.text = code;
    f.display = display;
    return f;
  }
  static Field of_number(double v) {
    Field f;
    f.kind = Kind::number;
    f.number = v;
    return f;
  }
  static Field of_integer(std::int64_t v) {
    Field f;
    f.kind = Kind::integer;
    f.integer = v;
    return f;
  }
  static Field of_date(Date d) {
    Field f;
    f.kind = Kind::date;
    f.day = d;
    return f;
  }
};

struct Row {
  int table = 0;                            // index into records::tables
  std::uint32_t first = 0;                  // of Mapped::fields, one per column of the table
};

/// What a Patient says of a person, in the words of the identity row.
struct Identity {
  Field nhs_number, number_status, given, family, previous_family, birth_date, sex, ethnicity, postcode, address, telephone, email, practice, language,
      death_date, updated_date;
  bool restricted = false;
};

struct Fault {
  enum class Kind : std::uint8_t { type, word, reference } kind = Kind::type;
  std::string_view element;                 // column of the table (or field of the identity), never of the data
  int table = -1;                           // index into records::tables; -1: the identity
};

struct Mapped {
  std::string_view type, id;
  std::string_view patient;                 // id of the Patient it is about; empty when it is about nobody
  std::string_view patient_nhs_number;      // when the reference is by number only
  std::string_view organisation;            // code or reference of who recorded it
  bool has_table = false;                   // false: nothing but the JSON keeps it
  std::vector<Row> rows;
  std::vector<Field> fields;
  std::optional<Identity> identity;         // a Patient
  std::string_view organisation_code, organisation_name;  // an Organization
  std::vector<Fault> faults;
};

/// Maps one resource after another; keeps its buffers.
class Mapper {
 public:
  Mapper();
  ~Mapper();
  /// False when this is not a resource (no resourceType).
  bool map(json::Value resource, Mapped& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A row of the record with its labels, for writing.
struct RowView {
  int table = 0;
  std::span<const Field> fields;
  std::string_view id;                      // the resource's
  std::string_view patient;
  std::string_view organisation;
};

/// The resource a row answers to, as JSON text; empty for tables that FHIR does not hold as a resource of their own.
std::string to_resource(const RowView& row);

/// The last part of "Patient/123", "urn:uuid:123" or a URL; empty for "#contained" and anything else.
std::string_view reference_id(std::string_view reference, std::string_view type);

}  // namespace catchment::fhir
