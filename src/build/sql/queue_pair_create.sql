CREATE OR REPLACE TABLE review_pair (item INTEGER, weight DOUBLE, person_a BIGINT, person_b BIGINT, rows_a INTEGER, rows_b INTEGER, held_back VARCHAR, unsure BOOLEAN)
