SELECT id, code FROM unit
