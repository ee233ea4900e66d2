-- Subjects by truth and by person: all of them, those that hold a number, and those that hold a number or a name with date of birth and home postcode.
CREATE TEMP TABLE accuracy_cell AS
WITH known AS (
  SELECT domain, key, min(person) AS person FROM truth GROUP BY domain, key HAVING count(DISTINCT person) = 1
),
holds AS (
  SELECT i.subject, bool_or(i.nhs_number IS NOT NULL) AS a_number,
    bool_or(i.given IS NOT NULL AND i.family IS NOT NULL AND i.birth_date IS NOT NULL AND coalesce(i.birth_precision, 'day') NOT IN ('month', 'year')
      AND i.postcode IS NOT NULL AND NOT coalesce(g.postcode_is_incident, false)) AS a_name
  FROM subject_identity i LEFT JOIN source g ON g.id = i.source GROUP BY i.subject
)
SELECT t.person AS true_person, p.person, count(*) AS every, count(*) FILTER (h.a_number) AS numbered, count(*) FILTER (h.a_number OR h.a_name) AS held
FROM subject s JOIN known t ON t.key = s.key AND t.domain = CASE s.kind WHEN 'nhs_number' THEN 'nhs_number' ELSE s.domain END
JOIN person_of_subject p ON p.subject = s.id LEFT JOIN holds h ON h.subject = s.id
WHERE s.kind <> 'pseudonym'
GROUP BY t.person, p.person
