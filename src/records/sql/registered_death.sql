CREATE TEMP TABLE registered_death AS SELECT person, min(date) AS date FROM death WHERE date IS NOT NULL AND date <= $1 GROUP BY person
