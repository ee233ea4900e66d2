-- Problem lists are asked, not the diagnoses of single hospital episodes: as the Quality and Outcomes Framework counts registers.
-- A person has a condition when their latest record of any of its codes, up to the as-of date, is not resolved, inactive or ended.
-- On one day a resolution beats an active record.
CREATE TEMP TABLE member AS
WITH stated AS (
  SELECT c.person, coalesce(c.recorded_date, c.onset_date) AS said,
    coalesce(c.status IN ('resolved', 'inactive'), false) OR coalesce(c.abatement_date <= $1, false) AS over
  FROM condition c JOIN codelist_code l ON l.code = c.code AND l.codelist = $2
  WHERE c.status IS DISTINCT FROM 'entered-in-error' AND coalesce(c.category, 'problem') = 'problem' AND coalesce(c.recorded_date, c.onset_date, $1) <= $1
    AND c.source IN (SELECT id FROM shared_source)
),
latest AS (
  SELECT person, NOT bool_or(over) AS has
  FROM (SELECT *, rank() OVER (PARTITION BY person ORDER BY said DESC NULLS LAST) AS place FROM stated)
  WHERE place = 1 GROUP BY person
)
SELECT s.person, coalesce(h.has, false) AS hit
FROM standing s LEFT JOIN latest h ON h.person = s.person
WHERE s.resident AND s.registered AND NOT s.opted_out AND ($3::INTEGER IS NULL OR s.age >= $3) AND ($4::INTEGER IS NULL OR s.age <= $4)
