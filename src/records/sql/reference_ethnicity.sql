CREATE TEMP TABLE reference_ethnicity (code VARCHAR, display VARCHAR, ethnic_group VARCHAR)
