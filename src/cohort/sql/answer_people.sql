SELECT who FROM answer WHERE id = ?
