INSERT INTO access_account_role (name, role, position) VALUES (?, ?, ?)
