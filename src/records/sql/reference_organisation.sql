CREATE TEMP TABLE reference_organisation (code VARCHAR, name VARCHAR, kind VARCHAR)
