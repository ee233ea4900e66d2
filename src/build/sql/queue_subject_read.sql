SELECT side, link_source, key FROM review_subject WHERE item = ? ORDER BY side, position
