// Resources of a block (one a line, or a bundle) to staged rows. One FhirRows belongs to one worker.
#pragma once

#include "fhir/resources.h"
#include "intake/encounter_diagnoses.h"
#include "intake/row_program.h"
#include "json/json.h"

namespace catchment::intake {

class FhirRows {
 public:
  FhirRows(const RunContext& context, LocalDictionary& dictionary);
  void run(const FilePlan& plan, const Block& block, bool bundles, Batch& batch);

 private:
  void document(const FilePlan& plan, json::Value root, std::string_view raw, Batch& batch);
  void resource(const FilePlan& plan, std::uint64_t line, json::Value value, std::string_view full_url, std::string_view raw, Batch& batch);
  void refuse(std::uint64_t line, std::string_view raw, Rule rule, Batch& batch);
  void subject(const FilePlan& plan, std::string_view key, InputRow& row, Batch& batch);
  /// What the row is named, and what it names as its diagnoses, when it is an Encounter.
  void references(std::string_view full_url, std::size_t row, Batch& batch);
  void stage_row(const fhir::Row& row, Batch& batch);
  Slot slot_of(const fhir::Field& field, const records::Column& column, Batch& batch);
  bool day_of(const fhir::Field& field, std::int32_t column, bool future, std::int32_t& day, Batch& batch);
  void identity(const fhir::Identity& identity, InputRow& row, Batch& batch);

  RunContext context_;
  LocalDictionary& dictionary_;
  json::Parser parser_;
  json::Document document_;
  fhir::Mapper mapper_;
  fhir::Mapped mapped_;
  std::vector<Diagnosis> diagnoses_;
  std::vector<std::int32_t> first_column_;  // of each table, among fhir_columns()
};

}  // namespace catchment::intake
