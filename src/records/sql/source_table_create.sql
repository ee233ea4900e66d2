CREATE TABLE source_table AS SELECT * FROM staged.source_table ORDER BY source, table_name
