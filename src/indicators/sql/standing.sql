-- Each person's groups; opted_out: has opted out of planning and research.
-- Groups are those on the as-of date. `age` is whole years; a 29 February birthday falls on 1 March in other years.
CREATE TEMP TABLE standing AS
SELECT person, resident, registered, birth_date, age, coalesce(l.code, 'unknown') AS place,
  CASE WHEN age IS NULL OR age < 0 THEN 'unknown' WHEN age >= 90 THEN '90+' ELSE (age // 5 * 5)::VARCHAR || '-' || (age // 5 * 5 + 4)::VARCHAR END AS age_band,
  CASE WHEN age IS NULL OR age < 0 THEN 99 ELSE least(age // 5, 18) END AS age_position,
  p.sex::VARCHAR AS sex, p.ethnic_group::VARCHAR AS ethnic_group,
  CASE p.deprivation_fifth WHEN 0 THEN 'unknown' ELSE p.deprivation_fifth::VARCHAR END AS deprivation,
  coalesce(a.code, 'unknown') AS area, coalesce(nullif(a.neighbourhood, ''), 'unknown') AS neighbourhood,
  p.person IN (SELECT person FROM opt_out) AS opted_out
FROM (SELECT *, date_diff('year', birth_date, $1) - (strftime(birth_date, '%m%d') > strftime($1, '%m%d'))::INTEGER AS age FROM person) p
LEFT JOIN place l ON l.id = p.place LEFT JOIN area a ON a.id = p.area
