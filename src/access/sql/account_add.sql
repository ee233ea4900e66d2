INSERT INTO access_account (name, display_name, password, demonstration, created_ms) VALUES (?, ?, ?, ?, ?)
