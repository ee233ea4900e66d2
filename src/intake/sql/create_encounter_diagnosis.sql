-- What encounters name as their diagnoses; rank is null where the encounter gives the diagnosis no place.
CREATE TABLE encounter_diagnosis (
  scope BIGINT, id VARCHAR, subject BIGINT, source INTEGER, line BIGINT, rank BIGINT, encounter VARCHAR, start_date DATE
)
