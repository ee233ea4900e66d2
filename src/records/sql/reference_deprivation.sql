CREATE TEMP TABLE reference_deprivation (code VARCHAR, version VARCHAR, decile TINYINT)
