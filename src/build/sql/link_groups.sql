-- One row for each group of subject keys, in an order that does not depend on ids.
SELECT s.kind, coalesce(s.domain, ''), coalesce(o.code, ''), bool_and(coalesce(f.one_row_per_person, false)), bool_and(coalesce(f.postcode_is_incident, false))
FROM subject s LEFT JOIN organisation o ON o.id = s.organisation LEFT JOIN source f ON f.id = s.source
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
