SELECT field, level, bits FROM review_weight WHERE item = ? ORDER BY position
