SELECT from_person, to_person FROM person_event WHERE at_ms > ?1 ORDER BY id
