CREATE TABLE indicator (id VARCHAR, position INTEGER, title VARCHAR, kind VARCHAR, codelist VARCHAR, from_age INTEGER, to_age INTEGER, doses INTEGER,
  good_direction VARCHAR, goal_percent DOUBLE, purpose VARCHAR, rule VARCHAR, numerator VARCHAR, denominator VARCHAR, version VARCHAR)
