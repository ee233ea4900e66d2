DROP TABLE IF EXISTS person_of_subject
