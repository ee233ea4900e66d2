-- What each identity row claims about its person, best first within a person by `position`.
CREATE TEMP TABLE claim AS
SELECT p.person, i.source, i.line, i.organisation, i.nhs_number, i.number_status, i.local_id, i.given, i.family, i.previous_family,
  i.birth_date, i.birth_precision, i.sex, i.ethnicity::VARCHAR AS ethnicity, i.postcode, i.address, i.telephone, i.email, i.practice, i.language,
  i.death_date, i.restricted, i.updated_date, r.rank, r.incident, r.pseudonymous,
  coalesce(nullif(i.area, 0), a.id)::INTEGER AS area,
  row_number() OVER (ORDER BY r.rank, i.updated_date DESC NULLS LAST, i.source DESC, i.line) AS position
FROM staged.subject_identity i
JOIN staged.person_of_subject p ON p.subject = i.subject
JOIN source_rank r ON r.source = i.source
LEFT JOIN reference_postcode c ON c.postcode = replace(i.postcode, ' ', '')
LEFT JOIN area a ON a.code = c.area
