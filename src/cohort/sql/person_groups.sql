-- Everyone who has not opted out of planning and research, with the groups of a profile.
SELECT p.person, p.sex::VARCHAR, p.birth_date, coalesce(l.code, 'elsewhere or unknown'),
  CASE p.deprivation_fifth WHEN 0 THEN 'unknown' ELSE p.deprivation_fifth::VARCHAR END
FROM person p LEFT JOIN place l ON l.id = p.place
WHERE p.person NOT IN (SELECT person FROM opt_out)
ORDER BY p.person
