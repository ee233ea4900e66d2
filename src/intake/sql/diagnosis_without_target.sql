SELECT d.source, d.line
FROM encounter_diagnosis d
WHERE NOT EXISTS (FROM diagnosis_target t WHERE t.scope = d.scope AND t.id = d.id AND t.subject = d.subject)
ORDER BY d.source, d.line
