CREATE TABLE IF NOT EXISTS measure (id TEXT PRIMARY KEY, state TEXT NOT NULL, year TEXT NOT NULL, title TEXT NOT NULL, purpose TEXT NOT NULL,
  denominator TEXT NOT NULL, numerator TEXT NOT NULL, exclusions TEXT NOT NULL, source TEXT NOT NULL, owner TEXT NOT NULL, limits TEXT NOT NULL,
  good_direction TEXT NOT NULL, priority TEXT NOT NULL, focus TEXT NOT NULL, programme TEXT NOT NULL, kind TEXT NOT NULL, per REAL NOT NULL, target REAL,
  version TEXT NOT NULL, codelists TEXT NOT NULL, first_month INTEGER NOT NULL, last_month INTEGER NOT NULL) STRICT
