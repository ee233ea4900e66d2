CREATE TABLE finding_count (source INTEGER, column_name VARCHAR, rule VARCHAR, severity VARCHAR, rows BIGINT)
