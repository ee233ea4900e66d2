-- Every value that sources gave for ethnicity, area and practice, where they do not agree.
CREATE TABLE person_alternative AS
WITH value AS (
  SELECT person, 'ethnicity' AS field, e.id AS value, source, line, updated_date, position FROM claim JOIN ethnicity e ON e.code = claim.ethnicity
  UNION ALL
  SELECT person, 'area', area, source, line, updated_date, position FROM claim WHERE area IS NOT NULL AND NOT coalesce(incident, false)
  UNION ALL
  SELECT person, 'practice', practice, source, line, updated_date, position FROM claim WHERE practice > 0
  UNION ALL
  SELECT person, 'practice', practice, source, line, NULL, 0 FROM current_registration
),
distinct_value AS (
  SELECT person, field, value, arg_min(source, position) AS source, arg_min(line, position) AS line, max(updated_date) AS date
  FROM value GROUP BY person, field, value
)
SELECT d.person, d.field::ENUM ('ethnicity', 'area', 'practice') AS field, d.value::INTEGER AS value, d.source, d.line, d.date,
  d.value = CASE d.field WHEN 'ethnicity' THEN p.ethnicity WHEN 'area' THEN p.area ELSE p.practice END AS chosen
FROM (SELECT *, count(*) OVER (PARTITION BY person, field) AS values FROM distinct_value) d JOIN person p USING (person)
WHERE d.values > 1
ORDER BY d.person, d.field, d.value
