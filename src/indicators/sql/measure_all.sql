SELECT id, year, title, purpose, denominator, numerator, exclusions, source, owner, limits, good_direction, priority, focus, programme, kind, per, target,
  version, codelists, first_month, last_month
FROM measure ORDER BY id
