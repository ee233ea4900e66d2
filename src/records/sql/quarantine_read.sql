SELECT source, line, column_name, rule, raw FROM quarantine
WHERE ($1::INTEGER IS NULL OR source = $1) AND contains($2, ',' || source::VARCHAR || ',') AND ($3::VARCHAR IS NULL OR rule = $3)
  AND ($6::BIGINT IS NULL OR line = $6)
ORDER BY source, line LIMIT $4 OFFSET $5
