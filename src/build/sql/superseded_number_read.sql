SELECT old_number, current FROM superseded_number ORDER BY old_number
