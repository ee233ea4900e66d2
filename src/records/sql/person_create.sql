-- Rule 1 for sources that conflict. Sources are ranked by setting (source_rank): demographics trace, general practice, public health,
-- hospital and maternity, emergency, community and mental health, social care, urgent, ambulance, others; within a rank the latest
-- update wins, then the later delivery.
--   birth date, sex   the first claim that gives one (a full date before a partial one)
--   ethnicity         the first claim of a known category; "not stated" and "not known" never beat a stated one
--   area              the first claim with a small area, places where something happened left out
--   practice          the registration running on the as-of date; without one, the first claim of a practice
--   death             the registered death, else the first claim
-- resident = alive, living in one of the system's areas, and with a running registration, or known by an NHS number and not taken off a list without joining another.
-- registered = alive, with a registration running at one of the system's practices.
CREATE TABLE person AS
WITH chosen AS (
  SELECT person, count(*)::INTEGER AS identity_rows,
    coalesce(arg_min(birth_date, position) FILTER (WHERE birth_date IS NOT NULL AND coalesce(birth_precision, 'day') = 'day'),
             arg_min(birth_date, position) FILTER (WHERE birth_date IS NOT NULL)) AS birth_date,
    CASE WHEN bool_or(birth_date IS NOT NULL AND coalesce(birth_precision, 'day') = 'day') THEN 'day'
         ELSE arg_min(birth_precision, position) FILTER (WHERE birth_date IS NOT NULL) END AS birth_precision,
    arg_min(sex, position) FILTER (WHERE sex IN ('female', 'male', 'other')) AS sex,
    arg_min(e.id, position) FILTER (WHERE e.ethnic_group <> 'unknown') AS ethnicity,
    arg_min(e.ethnic_group, position) FILTER (WHERE e.ethnic_group <> 'unknown') AS ethnic_group,
    arg_min(area, position) FILTER (WHERE area IS NOT NULL AND NOT coalesce(incident, false)) AS area,
    arg_min(practice, position) FILTER (WHERE practice > 0) AS practice,
    arg_min(death_date, position) FILTER (WHERE death_date IS NOT NULL) AS death_date,
    coalesce(bool_or(restricted), false) AS restricted,
    bool_or(nhs_number IS NOT NULL) AS numbered
  FROM claim LEFT JOIN ethnicity e ON e.code = claim.ethnicity
  GROUP BY person
),
whole AS (
  SELECT everyone.person, c.birth_date, coalesce(c.birth_precision, 'day') AS birth_precision, coalesce(c.sex, 'unknown') AS sex,
    coalesce(c.ethnicity, 0) AS ethnicity, coalesce(c.ethnic_group, 'unknown') AS ethnic_group,
    coalesce(d.date, c.death_date) AS death_date, coalesce(c.area, 0) AS area, coalesce(a.place, 0) AS place,
    coalesce(r.practice, c.practice, 0) AS practice, r.practice IS NOT NULL AND o.kind = 'practice' AS running,
    coalesce(a.deprivation_fifth, 0) AS deprivation_fifth, coalesce(c.restricted, false) AS restricted,
    coalesce(c.numbered, false) AND f.person IS NULL AS numbered, coalesce(c.identity_rows, 0) AS identity_rows
  FROM (SELECT DISTINCT person FROM staged.person_of_subject) everyone
  LEFT JOIN chosen c USING (person)
  LEFT JOIN registered_death d USING (person)
  LEFT JOIN current_registration r USING (person)
  LEFT JOIN former_registration f USING (person)
  LEFT JOIN organisation o ON o.id = r.practice
  LEFT JOIN area a ON a.id = c.area
)
SELECT person, birth_date, birth_precision::ENUM ('day', 'month', 'year') AS birth_precision,
  sex::ENUM ('female', 'male', 'other', 'unknown') AS sex, ethnicity::INTEGER AS ethnicity,
  ethnic_group::ENUM ('asian', 'black', 'mixed', 'white', 'other', 'unknown') AS ethnic_group, death_date,
  area::INTEGER AS area, place::INTEGER AS place, practice::INTEGER AS practice,
  (death_date IS NULL OR death_date > $1) AND place > 0 AND (numbered OR running) AS resident,
  (death_date IS NULL OR death_date > $1) AND running AS registered,
  restricted, deprivation_fifth::TINYINT AS deprivation_fifth, identity_rows
FROM whole
ORDER BY person
