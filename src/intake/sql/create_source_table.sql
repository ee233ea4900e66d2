CREATE TABLE source_table (source INTEGER, table_name VARCHAR, rows BIGINT)
