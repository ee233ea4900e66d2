CREATE TABLE organisation (id INTEGER, code VARCHAR, name VARCHAR)
