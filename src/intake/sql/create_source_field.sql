CREATE TABLE source_field (source INTEGER, column_name VARCHAR, present BIGINT, bad BIGINT)
