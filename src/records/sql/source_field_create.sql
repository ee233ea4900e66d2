CREATE TABLE source_field AS SELECT * FROM staged.source_field ORDER BY source, column_name
