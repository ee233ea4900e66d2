-- The newest decision on a pair of rows that nobody undid. A pair may have been kept either way round.
SELECT d.id, d.snapshot, d.item, d.verdict, d.at_ms, d.by_account, d.by_name, d.reason
FROM (SELECT id, decision FROM person_review WHERE source_a = ?1 AND key_a = ?2 AND source_b = ?3 AND key_b = ?4
  UNION ALL SELECT id, decision FROM person_review WHERE source_a = ?3 AND key_a = ?4 AND source_b = ?1 AND key_b = ?2) p
JOIN review_decision d ON d.id = p.decision LEFT JOIN review_undo u ON u.decision = d.id
WHERE u.decision IS NULL ORDER BY p.id DESC LIMIT 1
