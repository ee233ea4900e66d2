CREATE TABLE finding (source INTEGER, line BIGINT, column_name VARCHAR, rule VARCHAR, severity VARCHAR, value_class VARCHAR)
