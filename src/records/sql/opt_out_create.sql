-- Who opted out of planning and research: everyone whom a feed of opt-outs names. Planning leaves them out; direct care does not.
CREATE TABLE opt_out AS
SELECT p.person, r.kind::VARCHAR AS kind, min(i.updated_date) AS since
FROM staged.subject_identity i
JOIN staged.source s ON s.id = i.source
JOIN reference_opt_out r ON r.feed = s.feed
JOIN staged.person_of_subject p ON p.subject = i.subject
GROUP BY p.person, r.kind ORDER BY 1, 2
