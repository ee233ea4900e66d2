INSERT INTO lookup_about (name, value) VALUES (?, ?)
