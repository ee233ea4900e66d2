-- Decisions on the queues of other snapshots since a time that nobody undid, oldest first, each with one of its pairs of rows.
SELECT p.source_a, p.key_a, p.source_b, p.key_b, d.id, d.snapshot, d.item, d.verdict, d.at_ms, d.by_account, d.by_name, d.reason
FROM review_decision d JOIN person_review p ON p.id = (SELECT min(id) FROM person_review WHERE decision = d.id)
LEFT JOIN review_undo u ON u.decision = d.id WHERE d.at_ms >= ? AND d.snapshot <> ? AND u.decision IS NULL ORDER BY d.id
