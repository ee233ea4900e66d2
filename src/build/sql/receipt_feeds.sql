SELECT coalesce(feed, ''), count(*), sum(rows_read)::BIGINT, sum(rows_accepted)::BIGINT, sum(rows_quarantined)::BIGINT, max(tolerance)::DOUBLE,
  max(latest_event)
FROM source GROUP BY 1 ORDER BY 1
