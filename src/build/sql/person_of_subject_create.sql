CREATE TABLE person_of_subject (subject BIGINT, person BIGINT)
