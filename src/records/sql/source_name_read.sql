SELECT id, feed, file FROM source
