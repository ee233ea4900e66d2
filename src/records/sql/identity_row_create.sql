-- Every partner's row about every person, best first within a person.
CREATE TABLE identity.identity_row AS
SELECT person, position, source, line, organisation, nhs_number, number_status, local_id, given, family, previous_family, birth_date,
  birth_precision, sex, ethnicity, postcode, address, telephone, email, practice, language, death_date, restricted, updated_date
FROM claim
ORDER BY person, position
