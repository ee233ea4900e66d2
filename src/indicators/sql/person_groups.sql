-- One row a person in the snapshot's order of persons: birth date as yyyymmdd, then groups as numbers, 0 where not known.
SELECT coalesce(year(birth_date) * 10000 + month(birth_date) * 100 + day(birth_date), 0)::INTEGER,
  (list_position(['female', 'male', 'other', 'unknown'], sex::VARCHAR) - 1)::INTEGER,
  (list_position(['asian', 'black', 'mixed', 'white', 'other', 'unknown'], ethnic_group::VARCHAR) - 1)::INTEGER,
  practice, area, person IN (SELECT person FROM opt_out)
FROM person ORDER BY person
