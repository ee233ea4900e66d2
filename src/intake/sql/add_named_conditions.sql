-- A problem of long standing that an encounter names as its diagnosis: a diagnosis of that encounter, on its first day, as files of rows
-- would have sent it.
INSERT INTO staged_condition (subject, source, line, organisation, code, onset_date, recorded_date, status, category, rank, encounter)
SELECT c.subject, c.source, c.line, c.organisation, c.code, r.start_date, r.start_date, c.status, 'encounter', r.rank, r.encounter
FROM diagnosis_rank r
JOIN staged_condition c ON c.source = r.source AND c.line = r.line
WHERE NOT r.own AND r.start_date IS NOT NULL
ORDER BY r.source, r.line, r.start_date, r.encounter
