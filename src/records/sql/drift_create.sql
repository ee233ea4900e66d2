CREATE TABLE drift AS SELECT * FROM staged.drift ORDER BY source, measure, column_name
