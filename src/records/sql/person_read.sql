SELECT person, birth_date, birth_precision, sex, ethnicity, ethnic_group, death_date, area, place, practice, resident, registered, restricted,
  deprivation_fifth, identity_rows
FROM person ORDER BY person
