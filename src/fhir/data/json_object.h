// FHIR JSON as CQL values: objects for elements and resources, system values for primitives.
// In: a JSON value and the type it is asked as ("FHIR.Quantity", "DateTime", "Interval<DateTime>"). Out: a CQL
// value; null where the JSON has another shape. Always: an object views its document, which must outlive it.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "cql/cql.h"
#include "json/json.h"

namespace catchment::fhir {

/// Keeps type names for as long as the objects that carry them.
class TypeNames {
 public:
  std::string_view keep(std::string_view name) const;

 private:
  mutable std::set<std::string, std::less<>> names_;
};

/// The JSON value seen as `type`; arrays become lists.
cql::Value to_value(json::Value json, std::string_view type, const TypeNames& names);
/// One element of an array, or a single value.
cql::Value to_single_value(json::Value json, std::string_view type, const TypeNames& names);

/// Values found at a path such as "extension[url='x'].value" or "code.coding[system='a',code='b']".
std::vector<json::Value> at_path(json::Value from, std::string_view path);

class JsonObject final : public cql::Object {
 public:
  JsonObject(json::Value json, std::string_view type, const TypeNames& names) : json_(json), type_(names.keep(type)), names_(names) {}
  std::string_view type_name() const override { return type_; }
  cql::Value element(std::string_view key, std::string_view type) const override;
  cql::Value converted(std::string_view system_type) const override;
  std::vector<cql::Value> elements() const override;
  bool equals(const cql::Object& other) const override;
  std::string label() const override;
  json::Value json() const { return json_; }

 private:
  json::Value json_;
  std::string_view type_;
  const TypeNames& names_;
};

}  // namespace catchment::fhir
