DELETE FROM head_count
