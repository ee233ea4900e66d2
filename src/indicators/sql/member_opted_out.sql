CREATE TEMP TABLE member AS SELECT person, opted_out AS hit FROM standing WHERE resident
