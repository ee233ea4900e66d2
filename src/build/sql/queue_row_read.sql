-- Rows of one person, best first, and whether anything says that where the person lives is protected.
SELECT r.source, r.line, r.organisation, r.nhs_number, r.number_status, r.given, r.family, r.previous_family, r.birth_precision, r.sex, r.address, r.postcode,
  r.telephone, r.email, r.birth_date, r.death_date, r.updated_date, coalesce(r.restricted, false) OR coalesce(i.restricted, false)
FROM identity_row r LEFT JOIN identity i ON i.person = r.person WHERE r.person = ? ORDER BY r.position
