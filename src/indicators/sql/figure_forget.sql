DELETE FROM figure WHERE measure = ?
