-- How many people are alike, of those who live or are registered here: as numbers where they live, with whom they are registered, age
-- in years, sex and ethnic group; whether they have opted out of planning and research, and whether they are residents of three years
-- and over whom no partner has met in three years: among them are those who moved away and were not taken off a list.
WITH met AS (
  SELECT DISTINCT person FROM encounter
  WHERE start_date > $1::DATE - INTERVAL 3 YEAR AND start_date <= $1::DATE AND coalesce(status::VARCHAR, '') NOT IN ('cancelled', 'did-not-attend', 'entered-in-error')
),
here AS (
  SELECT *, CASE WHEN birth_date <= $1 THEN date_diff('year', birth_date, $1) - (strftime(birth_date, '%m%d') > strftime($1, '%m%d'))::INTEGER END AS age
  FROM person WHERE resident OR registered
)
SELECT CASE WHEN h.resident THEN coalesce(a.code, '') ELSE '' END, CASE WHEN h.registered THEN coalesce(o.code, '') ELSE '' END, h.resident, h.registered,
  (list_position(['female', 'male', 'other', 'unknown'], h.sex::VARCHAR) - 1)::INTEGER,
  (list_position(['asian', 'black', 'mixed', 'white', 'other', 'unknown'], h.ethnic_group::VARCHAR) - 1)::INTEGER,
  (CASE WHEN h.age IS NULL THEN 19 ELSE least(h.age // 5, 18) END)::INTEGER, h.person IN (SELECT person FROM opt_out),
  coalesce(h.resident AND h.age >= 3 AND m.person IS NULL, false), count(*)
FROM here h LEFT JOIN met m ON m.person = h.person LEFT JOIN area a ON a.id = h.area LEFT JOIN organisation o ON o.id = h.practice
GROUP BY ALL ORDER BY ALL
