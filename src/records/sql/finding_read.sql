SELECT n.source, s.feed, s.file, n.column_name, n.rule, n.severity, n.rows, f.value_class, coalesce(f.first_line, 0)
FROM finding_count n JOIN source s ON s.id = n.source
LEFT JOIN (
  SELECT source, column_name, rule, severity, mode(value_class ORDER BY value_class) AS value_class, min(line) AS first_line
  FROM finding GROUP BY source, column_name, rule, severity
) f ON f.source = n.source AND f.column_name IS NOT DISTINCT FROM n.column_name AND f.rule = n.rule AND f.severity = n.severity
WHERE ($1::VARCHAR IS NULL OR s.feed = $1) AND ($2::INTEGER IS NULL OR n.source = $2) AND ($3::VARCHAR IS NULL OR n.rule = $3)
ORDER BY n.rows DESC, s.feed, s.file, n.column_name, n.rule
