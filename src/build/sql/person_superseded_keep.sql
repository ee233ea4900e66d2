INSERT INTO person_superseded (person, current) VALUES (?, ?) ON CONFLICT DO UPDATE SET current = excluded.current
