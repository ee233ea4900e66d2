-- Doses are counted on distinct days after the first and before the birthday of the upper age; a day within 28 of the dose before it is the
-- same dose told twice.
CREATE TEMP TABLE member AS
WITH given AS (
  SELECT DISTINCT i.person, i.date
  FROM immunisation i JOIN codelist_code l ON l.code = i.code AND l.codelist = $1 JOIN standing s ON s.person = i.person
  WHERE coalesce(i.status::VARCHAR, 'completed') = 'completed' AND i.date >= s.birth_date + INTERVAL 1 YEAR
    AND i.date < s.birth_date + to_years($3::INTEGER) AND i.source IN (SELECT id FROM shared_source)
),
apart AS (
  SELECT person, date, lag(date) OVER (PARTITION BY person ORDER BY date) AS before FROM given
),
counted AS (
  SELECT person, count(*) FILTER (WHERE before IS NULL OR date - before >= 28) AS doses FROM apart GROUP BY person
)
SELECT s.person, coalesce(c.doses, 0) >= $4 AS hit
FROM standing s LEFT JOIN counted c ON c.person = s.person
WHERE s.resident AND NOT s.opted_out AND s.age >= $2 AND s.age <= $3
