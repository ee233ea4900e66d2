-- Pairs of subjects of one person, by truth, by linkage and by both. A truth row names a key domain (or a feed) and a key in it. Keys that
-- stand for several people, or subjects known by a pseudonym, which may not be joined, are left out.
WITH known AS (
  SELECT feed, key, min(person) AS person FROM truth GROUP BY feed, key HAVING count(DISTINCT person) = 1
),
matched AS (
  SELECT s.id, min(t.person) AS true_person
  FROM subject s
  LEFT JOIN source f ON f.id = s.source
  JOIN known t ON t.key = s.key AND t.feed IN (s.domain, f.feed, split_part(coalesce(s.domain, f.feed), '_', 1))
  WHERE s.kind <> 'pseudonym'
  GROUP BY s.id HAVING count(DISTINCT t.person) = 1
),
pair AS (SELECT m.true_person, p.person FROM matched m JOIN person_of_subject p ON p.subject = m.id),
cells AS (SELECT true_person, person, count(*) AS n FROM pair GROUP BY true_person, person),
truly AS (SELECT true_person, sum(n) AS n FROM cells GROUP BY true_person),
said AS (SELECT person, sum(n) AS n FROM cells GROUP BY person)
SELECT (SELECT count(*) FROM pair), (SELECT count(*) FROM truly), (SELECT count(*) FROM said),
  (SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM cells), (SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM truly),
  (SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM said)
