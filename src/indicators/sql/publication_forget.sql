DELETE FROM publication WHERE month < ?
