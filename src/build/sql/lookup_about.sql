-- What every lookup needs, by name.
CREATE TABLE lookup_about (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID
