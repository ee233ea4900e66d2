-- Organisations that rows name, then those only the definition folder knows.
CREATE TABLE organisation AS
WITH known AS (SELECT id, code, name FROM staged.organisation WHERE id > 0),
extra AS (
  SELECT (SELECT coalesce(max(id), 0) FROM known) + row_number() OVER (ORDER BY code) AS id, code, NULL AS name
  FROM reference_organisation WHERE code NOT IN (SELECT code FROM known)
)
SELECT o.id::INTEGER AS id, o.code::VARCHAR AS code, coalesce(r.name, o.name, '')::VARCHAR AS name, coalesce(r.kind, '')::VARCHAR AS kind
FROM (SELECT * FROM known UNION ALL SELECT * FROM extra) o LEFT JOIN reference_organisation r USING (code)
ORDER BY 1
