-- Pairs of rows with the decisions on them that nobody undid, oldest first.
SELECT p.source_a, p.key_a, p.source_b, p.key_b, d.id, d.snapshot, d.item, d.verdict, d.at_ms, d.by_account, d.by_name, d.reason
FROM person_review p JOIN review_decision d ON d.id = p.decision LEFT JOIN review_undo u ON u.decision = d.id
WHERE u.decision IS NULL ORDER BY p.id
