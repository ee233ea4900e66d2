-- Pairs of subjects of one person, by truth, by linkage and by both. A truth row names a key domain ('nhs_number' for keys that are numbers)
-- and a key in it. Keys that stand for several people, and subjects known by a pseudonym, which may not be joined, are left out.
WITH known AS (
  SELECT domain, key, min(person) AS person FROM truth GROUP BY domain, key HAVING count(DISTINCT person) = 1
),
pair AS (
  SELECT t.person AS true_person, p.person
  FROM subject s JOIN known t ON t.key = s.key AND t.domain = CASE s.kind WHEN 'nhs_number' THEN 'nhs_number' ELSE s.domain END
  JOIN person_of_subject p ON p.subject = s.id
  WHERE s.kind <> 'pseudonym'
),
cells AS (SELECT true_person, person, count(*) AS n FROM pair GROUP BY true_person, person),
truly AS (SELECT true_person, sum(n) AS n FROM cells GROUP BY true_person),
said AS (SELECT person, sum(n) AS n FROM cells GROUP BY person)
SELECT (SELECT count(*) FROM pair), (SELECT count(*) FROM truly), (SELECT count(*) FROM said),
  (SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM cells), (SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM truly),
  (SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM said)
