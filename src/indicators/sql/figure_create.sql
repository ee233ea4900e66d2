-- hidden: 1, plus 2 where the figure is held back (as it was published before), plus 4 where its month is withheld.
CREATE TABLE IF NOT EXISTS figure (measure TEXT NOT NULL, basis INTEGER NOT NULL, split INTEGER NOT NULL, variant TEXT NOT NULL, month INTEGER NOT NULL,
  place TEXT NOT NULL, position INTEGER NOT NULL, grp TEXT NOT NULL, numerator INTEGER, denominator INTEGER, value REAL, low REAL, high REAL,
  standardised REAL, standardised_low REAL, standardised_high REAL, hidden INTEGER NOT NULL,
  PRIMARY KEY (measure, basis, split, variant, month, place, position, grp)) STRICT, WITHOUT ROWID
