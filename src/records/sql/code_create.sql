-- The codes of staged rows, then the ethnic categories of the definition folder under system 'ethnicity'. A code that no source
-- names has the name of the definition folder; those compare without their point.
CREATE TABLE code AS
SELECT s.id::INTEGER AS id, s.system::VARCHAR AS system, s.code::VARCHAR AS code, coalesce(nullif(s.display, ''), r.name, '')::VARCHAR AS display
FROM staged.code s LEFT JOIN reference_code r ON r.system = s.system AND r.code = replace(s.code, '.', '')
UNION ALL
SELECT ((SELECT coalesce(max(id), 0) FROM staged.code) + row_number() OVER (ORDER BY code))::INTEGER, 'ethnicity', code, display
FROM reference_ethnicity
ORDER BY 1
