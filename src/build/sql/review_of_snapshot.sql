-- Decisions on the queue of one snapshot that nobody undid, oldest first.
SELECT d.id, d.snapshot, d.item, d.verdict, d.at_ms, d.by_account, d.by_name, d.reason
FROM review_decision d LEFT JOIN review_undo u ON u.decision = d.id WHERE d.snapshot = ? AND u.decision IS NULL ORDER BY d.id
