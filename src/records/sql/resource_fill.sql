INSERT INTO identity.resource
SELECT coalesce(p.person, 0), r.source, r.line, r.type, r.id, r.json
FROM staged.resource r LEFT JOIN staged.person_of_subject p ON p.subject = r.subject
ORDER BY 1, r.source, r.line
