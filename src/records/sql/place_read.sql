SELECT id, code, name FROM place
