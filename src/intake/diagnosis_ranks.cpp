#include "intake/diagnosis_ranks.h"

#include "intake/sql.h"

namespace catchment::intake {

namespace {

db::Appender appender_to_new(db::Connection& connection, db::AppendThread& thread, std::string_view create, const std::string& table) {
  connection.execute(create);
  return connection.appender(table, &thread);
}

/// Whose ids these are: those of one feed's key and one partner.
std::int64_t scope_of(const Delivery& d) { return static_cast<std::int64_t>(hash_text(d.partner, hash_text(d.feed->key_domain, 5))); }

}  // namespace

DiagnosisRanks::DiagnosisRanks(db::Connection& connection, db::AppendThread& thread)
    : targets_(appender_to_new(connection, thread, sql::create_diagnosis_target, "diagnosis_target")),
      diagnoses_(appender_to_new(connection, thread, sql::create_encounter_diagnosis, "encounter_diagnosis")) {}

void DiagnosisRanks::add(const Delivery& d, const Batch& batch, std::uint32_t row, std::uint32_t subject) {
  if (row == 0) next_target_ = next_diagnosis_ = 0;
  const auto line = static_cast<std::int64_t>(batch.rows[row].line);
  for (; next_target_ < batch.targets.size() && batch.targets[next_target_].row == row; ++next_target_) {
    if (subject == 0) continue;
    const DiagnosisTarget& t = batch.targets[next_target_];
    targets_.integer(scope_of(d)).text(t.id).integer(subject).integer(d.source).integer(line).boolean(t.condition).end_row();
  }
  for (; next_diagnosis_ < batch.diagnoses.size() && batch.diagnoses[next_diagnosis_].row == row; ++next_diagnosis_) {
    if (subject == 0) continue;
    named_ = true;
    const NamedDiagnosis& n = batch.diagnoses[next_diagnosis_];
    diagnoses_.integer(scope_of(d)).text(n.condition).integer(subject).integer(d.source).integer(line);
    if (n.rank > 0) diagnoses_.integer(n.rank);
    else diagnoses_.null();
    if (n.encounter.present) diagnoses_.text(n.encounter.view());
    else diagnoses_.null();
    if (n.start.present) diagnoses_.date(Date{static_cast<std::int32_t>(n.start.integer)});
    else diagnoses_.null();
    diagnoses_.end_row();
  }
}

void DiagnosisRanks::close() {
  targets_.close();
  diagnoses_.close();
}

void DiagnosisRanks::settle(db::Connection& connection, const std::function<void(std::int32_t source, std::uint64_t line)>& missing) {
  for (const auto& row : connection.query(sql::diagnosis_without_target).all())
    missing(static_cast<std::int32_t>(std::get<std::int64_t>(row[0])), static_cast<std::uint64_t>(std::get<std::int64_t>(row[1])));
  if (named_)
    for (const auto statement : {sql::create_diagnosis_rank, sql::rank_own_conditions, sql::add_named_conditions, sql::drop_diagnosis_rank})
      connection.execute(statement);
  connection.execute(sql::drop_diagnosis_target);
  connection.execute(sql::drop_encounter_diagnosis);
}

}  // namespace catchment::intake
