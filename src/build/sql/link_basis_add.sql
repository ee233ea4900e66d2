INSERT INTO link_basis (name, value) VALUES (?, ?)
