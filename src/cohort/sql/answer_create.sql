-- Sets of persons whose count was shown, as compressed bitmaps.
CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL, month INTEGER NOT NULL, grp TEXT NOT NULL, people INTEGER NOT NULL,
  who BLOB NOT NULL, UNIQUE (hash, month)) STRICT;
CREATE INDEX IF NOT EXISTS answer_by_people ON answer (people)
