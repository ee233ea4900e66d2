SELECT 1 FROM answer WHERE hash = ? AND month = ?
