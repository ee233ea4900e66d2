SELECT source, key, person FROM person_row ORDER BY source, key
