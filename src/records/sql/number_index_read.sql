SELECT i.person, i.nhs_number, i.number_status, i.given, i.family, i.previous_family, i.birth_date, i.sex, i.address, i.postcode, i.telephone, i.email, i.language, i.death_date, i.restricted
FROM number_index n JOIN identity i ON i.person = n.person WHERE n.nhs_number = ? ORDER BY n.person
