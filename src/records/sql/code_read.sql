SELECT id, system, code, display FROM code
