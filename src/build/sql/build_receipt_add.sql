INSERT INTO build_receipt (snapshot, built_at, content_hash, receipt) VALUES (?, ?, ?, ?)
