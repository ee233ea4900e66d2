SELECT item, side, link_source, key FROM review_subject WHERE position = 1 ORDER BY item, side
