CREATE TABLE link_source (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  domain TEXT NOT NULL,
  organisation TEXT NOT NULL,
  UNIQUE (kind, domain, organisation)
) STRICT;
CREATE TABLE person_row (
  source INTEGER NOT NULL REFERENCES link_source (id),
  key TEXT NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_superseded (
  person INTEGER PRIMARY KEY,
  current INTEGER NOT NULL
) STRICT;
CREATE TABLE person_next (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  next_id INTEGER NOT NULL
) STRICT;
INSERT INTO person_next (one, next_id) VALUES (1, 1);
CREATE TABLE person_event (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('merged', 'split')),
  from_person INTEGER NOT NULL,
  to_person INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  snapshot TEXT NOT NULL
) STRICT;
CREATE TABLE person_review (
  id INTEGER PRIMARY KEY,
  source_a INTEGER NOT NULL REFERENCES link_source (id),
  key_a TEXT NOT NULL,
  source_b INTEGER NOT NULL REFERENCES link_source (id),
  key_b TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
  at_ms INTEGER NOT NULL,
  offset_minutes INTEGER NOT NULL,
  by_account TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE superseded_number (
  old_number INTEGER PRIMARY KEY,
  current INTEGER NOT NULL
) STRICT;
CREATE TABLE build_receipt (
  id INTEGER PRIMARY KEY,
  snapshot TEXT NOT NULL UNIQUE,
  built_at TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  receipt TEXT NOT NULL
) STRICT;
