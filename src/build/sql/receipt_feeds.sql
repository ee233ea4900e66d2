SELECT coalesce(feed, ''), count(*), sum(rows_read)::BIGINT, sum(rows_accepted)::BIGINT, sum(rows_quarantined)::BIGINT, max(tolerance)::DOUBLE,
  max(latest_event), bool_and(rows_quarantined <= coalesce(tolerance, 0) * rows_read)
FROM source GROUP BY 1 ORDER BY 1
