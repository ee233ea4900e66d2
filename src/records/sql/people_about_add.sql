INSERT INTO about (name, number, bytes) VALUES (?, ?, ?)
