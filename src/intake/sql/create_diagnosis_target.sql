-- Conditions (and procedures of a bundle) by the id that references of the same system use.
CREATE TABLE diagnosis_target (scope BIGINT, id VARCHAR, subject BIGINT, source INTEGER, line BIGINT, condition BOOLEAN)
