SELECT state FROM measure WHERE id = ?
