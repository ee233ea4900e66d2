CREATE TABLE drift (source INTEGER, previous INTEGER, measure VARCHAR, column_name VARCHAR, before DOUBLE, now DOUBLE, severity VARCHAR)
