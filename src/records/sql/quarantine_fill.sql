INSERT INTO identity.quarantine SELECT source, line, column_name, rule, raw FROM staged.quarantine ORDER BY source, line
