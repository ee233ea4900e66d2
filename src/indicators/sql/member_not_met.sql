-- Residents of three years and over whom no partner has met in three years: among them are those who moved away and were not taken off a list.
CREATE TEMP TABLE member AS
WITH met AS (
  SELECT DISTINCT person FROM encounter
  WHERE start_date > $1::DATE - INTERVAL 3 YEAR AND start_date <= $1::DATE AND coalesce(status::VARCHAR, '') NOT IN ('cancelled', 'did-not-attend', 'entered-in-error')
)
SELECT s.person, m.person IS NULL AS hit FROM standing s LEFT JOIN met m ON m.person = s.person WHERE s.resident AND s.age >= 3
