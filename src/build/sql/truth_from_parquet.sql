CREATE TEMP TABLE truth AS SELECT t.domain::VARCHAR AS domain, t.key::VARCHAR AS key, t.person::BIGINT AS person FROM read_parquet(?) t
