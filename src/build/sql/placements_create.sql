-- One row: what the placements hold for, their digest, and the placements one after another.
CREATE TABLE placements (program TEXT NOT NULL, definition TEXT NOT NULL, basis TEXT NOT NULL, digest TEXT NOT NULL, placements BLOB NOT NULL) STRICT
