INSERT INTO review_undo (decision, at_ms, by_account, by_name) VALUES (?, ?, ?, ?)
