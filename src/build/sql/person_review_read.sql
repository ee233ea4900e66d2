-- Decisions that were undone bind nobody.
SELECT source_a, key_a, source_b, key_b, verdict, at_ms, offset_minutes, by_account, reason FROM person_review
WHERE decision IS NULL OR decision NOT IN (SELECT decision FROM review_undo) ORDER BY id
