CREATE TABLE IF NOT EXISTS audit (
  number INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  account TEXT NOT NULL,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  purpose TEXT NOT NULL,
  session TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL,
  person INTEGER,
  snapshot TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT
