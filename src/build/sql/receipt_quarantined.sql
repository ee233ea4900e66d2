SELECT coalesce(s.feed, ''), n.rule, coalesce(n.column_name, ''), sum(n.rows)::BIGINT
FROM finding_count n JOIN source s ON s.id = n.source WHERE n.severity = 'error'
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3
