-- Of the pairs of subjects that hold enough to be linked, how many are found: by what truth says of the person.
WITH person AS (
  SELECT true_person, sum(held * (held - 1) // 2) AS found, sum(held) AS held FROM accuracy_cell GROUP BY true_person
),
told AS (
  SELECT p.found, p.held * (p.held - 1) // 2 AS truly, t.place, t.ethnicity, t.deprivation_fifth, t.sex,
    CASE WHEN t.age < 5 THEN '0-4' WHEN t.age < 18 THEN '5-17' WHEN t.age < 40 THEN '18-39' WHEN t.age < 65 THEN '40-64' WHEN t.age < 85 THEN '65-84' ELSE '85 and over' END AS age
  FROM person p JOIN truth_people t ON t.person = p.true_person
),
tall AS (
  SELECT 'place' AS kind, place AS value, found, truly FROM told
  UNION ALL SELECT 'ethnicity', ethnicity, found, truly FROM told
  UNION ALL SELECT 'age', age, found, truly FROM told
  UNION ALL SELECT 'deprivation fifth', deprivation_fifth, found, truly FROM told
  UNION ALL SELECT 'sex', sex, found, truly FROM told
)
SELECT kind, coalesce(nullif(value, ''), 'not known'), sum(found)::BIGINT, sum(truly)::BIGINT FROM tall GROUP BY ALL HAVING sum(truly) > 0 ORDER BY 1, 2
