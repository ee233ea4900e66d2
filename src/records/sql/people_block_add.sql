INSERT INTO block (person, bytes) VALUES (?, ?)
