SELECT r.indicator, r.place, r.dimension, r.grp, r.unit, r.numerator, r.denominator, r.value, r.low, r.high, r.suppressed, r.rounded_to
FROM result r JOIN indicator i ON i.id = r.indicator
WHERE ($1::VARCHAR IS NULL OR r.indicator = $1) AND ($2::VARCHAR IS NULL OR r.place = $2) AND ($3::VARCHAR IS NULL OR r.dimension = $3)
ORDER BY i.position, r.place, r.dimension, r.position, r.grp
