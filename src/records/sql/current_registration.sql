-- The practice a person is registered with on the as-of date: of the registrations running then, the latest to start.
CREATE TEMP TABLE current_registration AS
SELECT person, first(practice ORDER BY start_date DESC NULLS LAST, source DESC, line) AS practice,
  first(source ORDER BY start_date DESC NULLS LAST, source DESC, line) AS source,
  first(line ORDER BY start_date DESC NULLS LAST, source DESC, line) AS line
FROM registration
WHERE practice > 0 AND (start_date IS NULL OR start_date <= $1) AND (end_date IS NULL OR end_date > $1)
GROUP BY person
