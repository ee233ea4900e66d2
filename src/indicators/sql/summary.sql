-- place, dimension, group, position of the group, people counted, people in all.
WITH counted AS (
  SELECT place, age_band, age_position, sex, ethnic_group, deprivation,
    GROUPING(place) AS no_place, GROUPING(age_band) AS no_age, GROUPING(sex) AS no_sex, GROUPING(ethnic_group) AS no_ethnicity,
    GROUPING(deprivation) AS no_deprivation, count(*) FILTER (WHERE hit) AS hits, count(*) AS everyone
  FROM member JOIN standing USING (person)
  GROUP BY GROUPING SETS ((), (place), (age_band, age_position), (place, age_band, age_position), (sex), (place, sex), (ethnic_group), (place, ethnic_group),
    (deprivation), (place, deprivation))
)
SELECT CASE WHEN no_place = 1 THEN '' ELSE place END AS place,
  CASE WHEN no_age = 0 THEN 'age' WHEN no_sex = 0 THEN 'sex' WHEN no_ethnicity = 0 THEN 'ethnicity' WHEN no_deprivation = 0 THEN 'deprivation' ELSE '' END AS dimension,
  CASE WHEN no_age = 0 THEN age_band WHEN no_sex = 0 THEN sex WHEN no_ethnicity = 0 THEN ethnic_group WHEN no_deprivation = 0 THEN deprivation ELSE '' END AS grp,
  (CASE WHEN no_age = 0 THEN age_position
       WHEN no_sex = 0 THEN list_position(['female', 'male', 'other', 'unknown'], sex)
       WHEN no_ethnicity = 0 THEN list_position(['asian', 'black', 'mixed', 'white', 'other', 'unknown'], ethnic_group)
       WHEN no_deprivation = 0 THEN coalesce(TRY_CAST(deprivation AS INTEGER), 9) ELSE 0 END)::INTEGER AS position,
  hits, everyone
FROM counted ORDER BY 1, 2, 4, 3
