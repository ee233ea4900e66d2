CREATE TABLE source (id INTEGER, file VARCHAR, feed VARCHAR, partner VARCHAR, period VARCHAR, delivery VARCHAR, setting VARCHAR, key_kind VARCHAR,
  key_domain VARCHAR, purposes VARCHAR, format VARCHAR, status VARCHAR, sha256 VARCHAR, bytes BIGINT, rows_read BIGINT, rows_accepted BIGINT,
  rows_quarantined BIGINT, rows_staged BIGINT, first_event DATE, latest_event DATE, frequency VARCHAR, tolerance DOUBLE,
  one_row_per_person BOOLEAN, postcode_is_incident BOOLEAN, synthetic BOOLEAN)
