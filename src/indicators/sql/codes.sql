SELECT id, system, code FROM code ORDER BY id
