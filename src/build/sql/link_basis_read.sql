SELECT name, value FROM link_basis
