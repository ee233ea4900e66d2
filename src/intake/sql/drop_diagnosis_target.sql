DROP TABLE diagnosis_target
