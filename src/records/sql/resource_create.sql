-- FHIR resources as they were sent; person 0 for those about nobody.
CREATE TABLE identity.resource (person BIGINT, source INTEGER, line BIGINT, type VARCHAR, id VARCHAR, json VARCHAR USING COMPRESSION zstd)
