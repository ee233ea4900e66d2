CREATE TABLE subject AS
SELECT k.id, k.kind, k.domain, k.organisation, k.key, i.source, i.line, i.nhs_number, i.number_status, i.local_id, i.given, i.family,
  i.previous_family, i.birth_date, i.birth_precision, i.sex, i.ethnicity, i.postcode, i.address, i.telephone, i.email, i.practice,
  i.language, i.death_date, i.restricted, i.updated_date, i.area
FROM subject_key k
LEFT JOIN (
  SELECT * FROM subject_identity
  QUALIFY row_number() OVER (PARTITION BY subject ORDER BY updated_date DESC NULLS LAST, source DESC, line DESC) = 1
) i ON i.subject = k.id
ORDER BY k.id
