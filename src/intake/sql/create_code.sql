CREATE TABLE code (id INTEGER, system VARCHAR, code VARCHAR, display VARCHAR)
