-- As summary, by neighbourhood and by small area of the whole system.
WITH counted AS (
  SELECT neighbourhood, area, GROUPING(area) AS no_area, count(*) FILTER (WHERE hit) AS hits, count(*) AS everyone
  FROM member JOIN standing USING (person) GROUP BY GROUPING SETS ((neighbourhood), (area))
)
SELECT '', CASE WHEN no_area = 1 THEN 'neighbourhood' ELSE 'area' END, CASE WHEN no_area = 1 THEN neighbourhood ELSE area END, 0, hits, everyone
FROM counted WHERE CASE WHEN no_area = 1 THEN neighbourhood ELSE area END <> 'unknown' ORDER BY 2, 3
