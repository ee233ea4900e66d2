SELECT id, title, kind, codelist, from_age, to_age, doses, good_direction, goal_percent, purpose, rule, numerator, denominator, version
FROM indicator ORDER BY position
