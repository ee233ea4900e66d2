-- Beginnings of names, folded as name_index was. An empty family name finds nobody.
WITH asked AS (
  SELECT regexp_replace(upper(strip_accents($1)), '[^A-Z]', '', 'g') AS family_key, regexp_replace(upper(strip_accents($2)), '[^A-Z]', '', 'g') AS given_key
),
matching AS (
  SELECT DISTINCT person FROM name_index
  WHERE (SELECT family_key <> '' FROM asked) AND family_key >= (SELECT family_key FROM asked) AND family_key < (SELECT family_key || 'a' FROM asked)
    AND starts_with(given_key, (SELECT given_key FROM asked))
)
SELECT i.person, i.nhs_number, i.number_status, i.given, i.family, i.previous_family, i.birth_date, i.sex, i.address, i.postcode, i.telephone, i.email, i.language, i.death_date, i.restricted
FROM matching m JOIN identity i ON i.person = m.person
WHERE $3::DATE IS NULL OR i.birth_date = $3
ORDER BY i.family, i.given, i.birth_date, i.person
