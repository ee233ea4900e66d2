-- The last releases of a measure's month, both bases together, as text made by disclosure, compressed by zstd.
CREATE TABLE IF NOT EXISTS published_month (measure TEXT NOT NULL, month INTEGER NOT NULL, releases BLOB NOT NULL,
  PRIMARY KEY (measure, month)) STRICT
