SELECT releases FROM published_month WHERE measure = ? AND month = ?
