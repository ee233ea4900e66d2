INSERT INTO access_account_place (name, place) VALUES (?, ?)
