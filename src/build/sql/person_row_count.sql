SELECT count(*) FROM person_row
