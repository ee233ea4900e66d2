CREATE TABLE cohort_version (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  form TEXT NOT NULL,
  cql TEXT NOT NULL,
  hash TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  saved_offset_minutes INTEGER NOT NULL,
  PRIMARY KEY (id, version)
) STRICT
