SELECT coalesce(feed, ''), coalesce(rows_quarantined, 0)::BIGINT, coalesce(rows_read, 0)::BIGINT, coalesce(tolerance, 0)::DOUBLE FROM source
