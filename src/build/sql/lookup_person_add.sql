INSERT INTO lookup_person (place, said) VALUES (?, ?)
