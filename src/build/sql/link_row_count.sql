SELECT (SELECT count(*) FROM subject_identity) + (SELECT count(*) FROM subject s WHERE NOT EXISTS (SELECT 1 FROM subject_identity i WHERE i.subject = s.id))
