CREATE TABLE identity.quarantine (source INTEGER, line BIGINT, column_name VARCHAR, rule VARCHAR, raw VARCHAR USING COMPRESSION zstd)
