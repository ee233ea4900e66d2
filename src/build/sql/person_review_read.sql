SELECT source_a, key_a, source_b, key_b, verdict, at_ms, offset_minutes, by_account, reason FROM person_review ORDER BY id
