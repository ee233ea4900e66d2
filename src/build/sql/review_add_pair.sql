INSERT INTO person_review (source_a, key_a, source_b, key_b, verdict, at_ms, offset_minutes, by_account, reason, decision) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
