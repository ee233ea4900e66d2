DELETE FROM measure WHERE id = ?
