INSERT OR REPLACE INTO publication (measure, basis, month, releases) VALUES (?, ?, ?, ?)
