CREATE TABLE result (indicator VARCHAR, place VARCHAR, dimension VARCHAR, grp VARCHAR, position INTEGER, unit VARCHAR, numerator BIGINT,
  denominator BIGINT, value DOUBLE, low DOUBLE, high DOUBLE, suppressed BOOLEAN, rounded_to INTEGER)
