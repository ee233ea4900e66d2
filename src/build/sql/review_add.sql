INSERT INTO review_decision (snapshot, item, verdict, at_ms, by_account, by_name, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
