INSERT INTO access_schema (version) VALUES (?)
