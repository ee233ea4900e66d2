-- What truth says of people; ages are counted from the year of the youngest.
CREATE TEMP TABLE truth_people AS
SELECT person::BIGINT AS person, place::VARCHAR AS place, ethnicity::VARCHAR AS ethnicity, deprivation_fifth::VARCHAR AS deprivation_fifth, sex::VARCHAR AS sex,
  max(year(try_cast(birth AS DATE))) OVER () - year(try_cast(birth AS DATE)) AS age
FROM read_csv(?, header = true, all_varchar = true)
