INSERT INTO lookup_key (bucket, keys) VALUES (?, ?)
