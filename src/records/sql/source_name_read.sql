SELECT id, feed, file, purposes FROM source
