SELECT display_name, password, demonstration, closed FROM access_account WHERE name = ?
