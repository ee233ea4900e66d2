CREATE TEMP TABLE member AS SELECT person, true AS hit FROM standing WHERE resident OR registered
