SELECT person FROM identity_row WHERE source = ? AND line = ? LIMIT 1
