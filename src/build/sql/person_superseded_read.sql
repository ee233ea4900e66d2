SELECT person, current FROM person_superseded
