UPDATE staged_condition AS c
SET rank = r.rank, encounter = coalesce(c.encounter, r.encounter)
FROM diagnosis_rank r
WHERE r.own AND r.source = c.source AND r.line = c.line
