CREATE TABLE quarantine (source INTEGER, line BIGINT, column_name VARCHAR, rule VARCHAR, raw VARCHAR)
