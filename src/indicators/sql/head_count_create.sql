-- count: as it may be shown, none where hidden. state: 2 where it is as it was published before, 4 where all are withheld.
CREATE TABLE IF NOT EXISTS head_count (name TEXT PRIMARY KEY, count INTEGER, state INTEGER NOT NULL) STRICT, WITHOUT ROWID
