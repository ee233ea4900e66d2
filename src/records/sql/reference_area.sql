CREATE TEMP TABLE reference_area (code VARCHAR, name VARCHAR, neighbourhood VARCHAR, place INTEGER, deprivation_fifth TINYINT)
