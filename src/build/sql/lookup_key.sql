-- Keys in buckets by their rule and first bits: a read of one row answers for one key.
CREATE TABLE lookup_key (bucket INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT
