CREATE TABLE review_decision (
  id INTEGER PRIMARY KEY,
  snapshot TEXT NOT NULL,
  item INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
  at_ms INTEGER NOT NULL,
  by_account TEXT NOT NULL,
  by_name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE review_undo (
  decision INTEGER PRIMARY KEY REFERENCES review_decision (id),
  at_ms INTEGER NOT NULL,
  by_account TEXT NOT NULL,
  by_name TEXT NOT NULL
) STRICT;
ALTER TABLE person_review ADD COLUMN decision INTEGER REFERENCES review_decision (id);
