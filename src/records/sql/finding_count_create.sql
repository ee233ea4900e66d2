CREATE TABLE finding_count AS SELECT * FROM staged.finding_count ORDER BY source, column_name, rule, severity
