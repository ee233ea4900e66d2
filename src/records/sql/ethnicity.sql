CREATE TEMP TABLE ethnicity AS
SELECT r.code, c.id, r.ethnic_group FROM reference_ethnicity r JOIN code c ON c.system = 'ethnicity' AND c.code = r.code
