CREATE TEMP TABLE reference_code (system VARCHAR, code VARCHAR, name VARCHAR)
