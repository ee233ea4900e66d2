CREATE TABLE subject_identity (subject BIGINT, source INTEGER, line BIGINT, organisation INTEGER, nhs_number VARCHAR, number_status VARCHAR,
  local_id VARCHAR, given VARCHAR, family VARCHAR, previous_family VARCHAR, birth_date DATE, birth_precision VARCHAR, sex VARCHAR,
  ethnicity VARCHAR, postcode VARCHAR, address VARCHAR, telephone VARCHAR, email VARCHAR, practice INTEGER, language VARCHAR,
  death_date DATE, restricted BOOLEAN, updated_date DATE, area INTEGER)
