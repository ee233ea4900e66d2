CREATE TEMP TABLE reference_postcode (postcode VARCHAR, area VARCHAR)
