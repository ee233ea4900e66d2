UPDATE access_account SET closed = 1 WHERE name = ?
