INSERT INTO person_row (source, key, person) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET person = excluded.person
