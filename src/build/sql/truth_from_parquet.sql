CREATE TEMP TABLE truth AS SELECT feed::VARCHAR AS feed, key::VARCHAR AS key, person::BIGINT AS person FROM read_parquet(?)
