SELECT count(*) FROM duckdb_tables() WHERE table_name = 'review_pair'
