UPDATE access_account SET password = ? WHERE name = ?
