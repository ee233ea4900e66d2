SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM person WHERE resident), (SELECT count(*) FROM person WHERE registered)
