SELECT person, birth_date, birth_precision, sex, death_date, practice FROM person ORDER BY person
