-- Everyone alive and registered on a day who has not opted out of planning and research, by the groups of a cohort's profile.
WITH everyone AS (
  SELECT p.sex::VARCHAR AS sex,
    CASE WHEN p.birth_date IS NULL OR p.birth_date > d.on_day THEN 'unknown'
      WHEN date_sub('year', p.birth_date, d.on_day) < 5 THEN '0-4'
      WHEN date_sub('year', p.birth_date, d.on_day) < 18 THEN '5-17'
      WHEN date_sub('year', p.birth_date, d.on_day) < 40 THEN '18-39'
      WHEN date_sub('year', p.birth_date, d.on_day) < 65 THEN '40-64'
      WHEN date_sub('year', p.birth_date, d.on_day) < 85 THEN '65-84'
      ELSE '85+' END AS age,
    coalesce(l.code, 'elsewhere or unknown') AS place,
    CASE p.deprivation_fifth WHEN 0 THEN 'unknown' ELSE p.deprivation_fifth::VARCHAR END AS fifth
  FROM person p
  CROSS JOIN (SELECT CAST($1 AS DATE) AS on_day) d
  LEFT JOIN place l ON l.id = p.place
  WHERE p.person NOT IN (SELECT person FROM opt_out)
    AND (p.death_date IS NULL OR p.death_date > d.on_day)
    AND p.person IN (
      SELECT r.person FROM registration r
      WHERE (r.start_date IS NULL OR r.start_date <= CAST($1 AS DATE)) AND (r.end_date IS NULL OR r.end_date > CAST($1 AS DATE)))
)
SELECT 'sex', sex, count(*) FROM everyone GROUP BY sex
UNION ALL SELECT 'age', age, count(*) FROM everyone GROUP BY age
UNION ALL SELECT 'place', place, count(*) FROM everyone GROUP BY place
UNION ALL SELECT 'deprivation', fifth, count(*) FROM everyone GROUP BY fifth
