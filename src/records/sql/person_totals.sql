SELECT count(*), count(*) FILTER (WHERE resident), count(*) FILTER (WHERE registered) FROM person
