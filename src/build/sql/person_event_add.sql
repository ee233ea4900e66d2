INSERT INTO person_event (kind, from_person, to_person, rows, at_ms, reason, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?)
