INSERT INTO head_count (name, count, state) VALUES (?, ?, ?)
