INSERT OR REPLACE INTO published_month (measure, month, releases) VALUES (?, ?, ?)
