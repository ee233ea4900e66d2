SELECT f.source, f.line, f.column_name, f.rule, f.severity, f.value_class
FROM finding f JOIN source s ON s.id = f.source
WHERE s.feed = $1 AND ($2::VARCHAR IS NULL OR f.rule = $2) AND ($3::VARCHAR IS NULL OR coalesce(f.column_name, '') = $3)
  AND (NOT $4::BOOLEAN OR f.severity = 'error')
ORDER BY s.file, f.line, f.column_name NULLS FIRST, f.rule LIMIT $5 OFFSET $6
