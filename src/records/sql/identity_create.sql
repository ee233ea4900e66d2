-- Who each person is, by rule 1 (see person_create): a verified or traced number first, name and address each from one row.
CREATE TABLE identity.identity AS
SELECT c.person,
  coalesce(arg_min(c.nhs_number, c.position) FILTER (WHERE c.nhs_number IS NOT NULL AND c.number_status IN ('verified', 'traced')),
           arg_min(c.nhs_number, c.position) FILTER (WHERE c.nhs_number IS NOT NULL)) AS nhs_number,
  coalesce(arg_min(c.number_status, c.position) FILTER (WHERE c.nhs_number IS NOT NULL AND c.number_status IN ('verified', 'traced')),
           arg_min(c.number_status, c.position) FILTER (WHERE c.nhs_number IS NOT NULL)) AS number_status,
  arg_min(c.given, c.position) FILTER (WHERE c.family IS NOT NULL) AS given,
  arg_min(c.family, c.position) FILTER (WHERE c.family IS NOT NULL) AS family,
  arg_min(c.previous_family, c.position) FILTER (WHERE c.previous_family IS NOT NULL) AS previous_family,
  p.birth_date, p.sex::VARCHAR AS sex,
  arg_min(c.address, c.position) FILTER (WHERE c.postcode IS NOT NULL AND NOT coalesce(c.incident, false)) AS address,
  arg_min(c.postcode, c.position) FILTER (WHERE c.postcode IS NOT NULL AND NOT coalesce(c.incident, false)) AS postcode,
  arg_min(c.telephone, c.position) FILTER (WHERE c.telephone IS NOT NULL) AS telephone,
  arg_min(c.email, c.position) FILTER (WHERE c.email IS NOT NULL) AS email,
  arg_min(c.language, c.position) FILTER (WHERE c.language IS NOT NULL) AS language,
  p.death_date, p.restricted
FROM claim c JOIN person p USING (person)
GROUP BY c.person, p.birth_date, p.sex, p.death_date, p.restricted
ORDER BY c.person
