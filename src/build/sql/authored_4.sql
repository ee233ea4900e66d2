-- What link weights follow from, by name: found by a build that trains and used by every build until one trains again.
CREATE TABLE link_basis (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID
