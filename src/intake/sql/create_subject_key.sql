CREATE TABLE subject_key (id BIGINT, kind VARCHAR, domain VARCHAR, organisation INTEGER, key VARCHAR)
