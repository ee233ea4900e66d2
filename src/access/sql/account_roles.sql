SELECT role FROM access_account_role WHERE name = ? ORDER BY position
