DROP TABLE diagnosis_rank
