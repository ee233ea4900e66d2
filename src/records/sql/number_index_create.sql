CREATE TABLE identity.number_index AS
SELECT DISTINCT nhs_number::BIGINT AS nhs_number, person FROM claim WHERE nhs_number IS NOT NULL ORDER BY nhs_number, person
