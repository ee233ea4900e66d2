-- The codes of staged rows, then the ethnic categories of the definition folder under system 'ethnicity'.
CREATE TABLE code AS
SELECT id::INTEGER AS id, system::VARCHAR AS system, code::VARCHAR AS code, coalesce(display, '')::VARCHAR AS display FROM staged.code
UNION ALL
SELECT ((SELECT coalesce(max(id), 0) FROM staged.code) + row_number() OVER (ORDER BY code))::INTEGER, 'ethnicity', code, display
FROM reference_ethnicity
ORDER BY 1
