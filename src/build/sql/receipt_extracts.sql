SELECT file, coalesce(sha256, '') FROM source ORDER BY file
