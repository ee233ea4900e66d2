DROP TABLE IF EXISTS shared_source
