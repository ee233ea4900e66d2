SELECT person FROM person ORDER BY person
