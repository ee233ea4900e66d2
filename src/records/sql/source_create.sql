CREATE TABLE source AS SELECT * FROM staged.source ORDER BY id
