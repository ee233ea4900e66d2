SELECT person, nhs_number, number_status, given, family, previous_family, birth_date, sex, address, postcode, telephone, email, language, death_date,
  coalesce(restricted, false) OR $2, source, line, local_id
FROM identity_row WHERE person = $1 ORDER BY position
