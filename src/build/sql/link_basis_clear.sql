DELETE FROM link_basis
