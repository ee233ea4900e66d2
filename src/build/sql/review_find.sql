SELECT d.id, d.snapshot, d.item, d.verdict, d.at_ms, d.by_account, d.by_name, d.reason, u.at_ms, u.by_name
FROM review_decision d LEFT JOIN review_undo u ON u.decision = d.id WHERE d.id = ?
