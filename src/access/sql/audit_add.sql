INSERT INTO audit (number, at_ms, account, display_name, role, purpose, session, action, object, detail, person, snapshot, outcome, reason, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
