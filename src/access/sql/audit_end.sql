SELECT number, seal FROM audit ORDER BY number DESC LIMIT 1
