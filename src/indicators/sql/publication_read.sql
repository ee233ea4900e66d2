SELECT basis, releases FROM publication WHERE measure = ? AND month = ?
