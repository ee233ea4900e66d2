// A small check of JSON against the schemas of api/openapi.json: the parts of JSON Schema that the file uses,
// and a fault for any it does not know, so that nothing in the contract goes unread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace catchment::api {

class SchemaCheck {
 public:
  explicit SchemaCheck(json::Value contract) : contract_(contract) {}
  /// Everything that does not fit; empty when it fits.
  std::vector<std::string> check(std::string_view schema_name, json::Value value);

 private:
  void fit(json::Value schema, json::Value value, const std::string& where);
  bool fits(json::Value schema, json::Value value);
  void fit_type(json::Value type, json::Value value, const std::string& where);
  void fit_object(json::Value schema, json::Value value, const std::string& where);
  void fit_text(json::Value schema, json::Value value, const std::string& where);
  json::Value contract_;
  std::vector<std::string> faults_;
};

/// The contract, read from the source tree; kept for the life of the tests.
json::Value contract();

}  // namespace catchment::api
