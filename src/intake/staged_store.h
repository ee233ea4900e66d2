// staged.duckdb: the tables intake.h describes. Batches are committed one at a time, in order.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "db/db.h"
#include "intake/batch.h"
#include "intake/delivery.h"
#include "intake/diagnosis_ranks.h"
#include "intake/dictionaries.h"
#include "intake/intake.h"
#include "intake/key_tables.h"

namespace catchment::intake {

class StagedStore {
 public:
  explicit StagedStore(const IntakeSettings& settings);
  ~StagedStore();

  /// What a worker made of one block of a file.
  void commit(const Delivery& delivery, const Batch& batch, LocalDictionary& dictionary);
  /// A finding about a file as a whole.
  void file_finding(const Delivery& delivery, Rule rule, const std::string& column = {});
  /// After the last batch of a file (or instead of any).
  void finish_file(const Delivery& delivery, const std::string& status, const std::string& sha256, std::uint64_t bytes);
  /// A name for an organisation code, or another code for it (FHIR).
  void name_organisation(const std::string& code, const std::string& name);
  /// Dictionaries, subjects and drift; closes the file. Afterwards only the result may be asked for.
  IntakeResult finish();

 private:
  struct Tally;
  Tally& tally(const Delivery& delivery);
  /// The row's subject; 0 when it is about nobody or quarantined.
  std::uint32_t commit_row(const Delivery& delivery, const Batch& batch, const InputRow& row, LocalDictionary& dictionary, Tally& tally);
  void append_staged(const StagedRow& staged, const Batch& batch, std::uint32_t subject, std::int32_t source, const InputRow& row, std::int32_t organisation,
                     LocalDictionary& dictionary, Tally& tally);
  void append_identity(const Batch& batch, const InputRow& row, std::uint32_t subject, std::int32_t source, std::int32_t organisation,
                       LocalDictionary& dictionary);
  void append_quarantine(const Delivery& delivery, const InputRow& row, Rule rule, std::int32_t column, Tally& tally);
  void append_finding(const Delivery& delivery, const RowFinding& finding, Tally& tally);
  void rank_diagnoses();
  void close_appenders();
  /// What the receipt says of columns and findings.
  static void sum_up(Tally& tally);
  void write_dictionaries();
  void write_sources();
  void write_drift();
  db::Appender& appender(const std::string& table);

  std::filesystem::path file_;
  std::unique_ptr<db::Duck> duck_;
  std::unique_ptr<db::Connection> connection_;
  db::AppendThread thread_;  // before the appenders: it goes after them
  std::map<std::string, std::unique_ptr<db::Appender>> appenders_;
  std::vector<db::Appender*> staged_;    // per table of the record
  db::Appender* identity_ = nullptr;
  db::Appender* key_ = nullptr;
  db::Appender* finding_ = nullptr;
  db::Appender* quarantine_ = nullptr;
  db::Appender* resource_ = nullptr;
  std::unique_ptr<DiagnosisRanks> diagnosis_ranks_;
  GlobalDictionary dictionary_;
  std::map<std::string, std::string> organisation_names_;
  SubjectTable subjects_;
  HashSet identities_;
  HashSet unique_;
  std::int32_t unique_source_ = 0;
  std::vector<std::unique_ptr<Tally>> tallies_;  // by source
  IntakeResult result_;
};

}  // namespace catchment::intake
