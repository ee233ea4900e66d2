SELECT d.source, d.previous, s.feed, s.file, d.measure, d.column_name, d.before, d.now, d.severity
FROM drift d JOIN source s ON s.id = d.source ORDER BY s.feed, s.file, d.measure, d.column_name
