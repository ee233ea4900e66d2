SELECT id, feed, file, partner, setting, period, delivery, status, sha256, frequency, purposes, bytes, rows_read, rows_accepted, rows_quarantined,
  first_event, latest_event, tolerance::DOUBLE, synthetic
FROM source ORDER BY feed, file
