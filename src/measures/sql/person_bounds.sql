SELECT count(*), coalesce(min(person), 0), coalesce(max(person), -1) FROM person
