-- Small areas that rows name, then those only the definition folder knows. Place 0 is outside the system.
CREATE TABLE area AS
WITH known AS (SELECT id, code FROM staged.area WHERE id > 0),
extra AS (
  SELECT (SELECT coalesce(max(id), 0) FROM known) + row_number() OVER (ORDER BY code) AS id, code
  FROM reference_area WHERE code NOT IN (SELECT code FROM known)
)
SELECT a.id::INTEGER AS id, a.code::VARCHAR AS code, coalesce(r.name, '')::VARCHAR AS name,
  coalesce(r.neighbourhood, '')::VARCHAR AS neighbourhood, coalesce(r.place, 0)::INTEGER AS place,
  coalesce(r.deprivation_fifth, 0)::TINYINT AS deprivation_fifth
FROM (SELECT * FROM known UNION ALL SELECT * FROM extra) a LEFT JOIN reference_area r USING (code)
ORDER BY 1
