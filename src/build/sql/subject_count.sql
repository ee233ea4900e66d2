SELECT count(*) FROM subject
