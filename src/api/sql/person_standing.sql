-- Who was registered with a practice on two days, and whether they were yet born or had died.
SELECT p.person,
  coalesce(r.first_day, false), coalesce(r.last_day, false),
  coalesce(p.birth_date > CAST($1 AS DATE), false), coalesce(p.death_date <= CAST($2 AS DATE), false)
FROM person p LEFT JOIN (
  SELECT person,
    bool_or((start_date IS NULL OR start_date <= CAST($1 AS DATE)) AND (end_date IS NULL OR end_date > CAST($1 AS DATE))) AS first_day,
    bool_or((start_date IS NULL OR start_date <= CAST($2 AS DATE)) AND (end_date IS NULL OR end_date > CAST($2 AS DATE))) AS last_day
  FROM registration GROUP BY person) r ON r.person = p.person
ORDER BY p.person
