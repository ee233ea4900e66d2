-- The last releases of a measure's month, as text made by disclosure, compressed by zstd.
CREATE TABLE IF NOT EXISTS publication (measure TEXT NOT NULL, basis INTEGER NOT NULL, month INTEGER NOT NULL, releases BLOB NOT NULL,
  PRIMARY KEY (measure, month, basis)) STRICT
