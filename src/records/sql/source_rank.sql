-- Which sources are believed first where they conflict about a person: rule 1. See person_create.
CREATE TEMP TABLE source_rank AS
SELECT id AS source, postcode_is_incident AS incident, key_kind = 'pseudonym' AS pseudonymous,
  CASE setting WHEN 'demographics' THEN 1 WHEN 'general-practice' THEN 2 WHEN 'public-health' THEN 3 WHEN 'maternity' THEN 4
    WHEN 'hospital' THEN 4 WHEN 'emergency' THEN 5 WHEN 'community' THEN 5 WHEN 'mental-health' THEN 5 WHEN 'social-care' THEN 6
    WHEN 'urgent' THEN 7 WHEN 'ambulance' THEN 8 ELSE 9 END AS rank
FROM staged.source
