SELECT coalesce(max(version), 0) FROM access_schema
