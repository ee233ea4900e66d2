SELECT person, nhs_number, number_status, given, family, previous_family, birth_date, sex, address, postcode, telephone, email, language, death_date, restricted
FROM identity WHERE person = ?
