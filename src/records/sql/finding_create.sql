CREATE TABLE finding AS SELECT * FROM staged.finding ORDER BY source, line, column_name, rule
