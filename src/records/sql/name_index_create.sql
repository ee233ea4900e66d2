-- Names folded for search: capitals, without accents, blanks or punctuation. Earlier family names are found too.
CREATE TABLE identity.name_index AS
WITH name AS (
  SELECT person, family, given FROM claim WHERE family IS NOT NULL
  UNION ALL
  SELECT person, previous_family, given FROM claim WHERE previous_family IS NOT NULL
)
SELECT DISTINCT regexp_replace(upper(strip_accents(family)), '[^A-Z]', '', 'g') AS family_key,
  regexp_replace(upper(strip_accents(coalesce(given, ''))), '[^A-Z]', '', 'g') AS given_key, person
FROM name
ORDER BY family_key, given_key, person
