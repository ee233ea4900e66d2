WITH counted AS (
  SELECT CASE WHEN resident AND registered THEN 'both' WHEN resident THEN 'resident-only' ELSE 'registered-only' END AS basis, place,
    GROUPING(place) AS no_place, count(*) AS everyone
  FROM standing WHERE resident OR registered GROUP BY GROUPING SETS ((basis), (basis, place))
)
SELECT CASE WHEN no_place = 1 THEN '' ELSE place END, 'basis', basis, list_position(['both', 'resident-only', 'registered-only'], basis)::INTEGER, everyone, everyone
FROM counted ORDER BY 1, 4
