SELECT id, people FROM answer WHERE id <= ? AND month = ? AND grp = '' ORDER BY id DESC LIMIT 500
