SELECT name, count, state FROM head_count ORDER BY name
