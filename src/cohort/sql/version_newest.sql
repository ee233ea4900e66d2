SELECT id, version, title, form, cql, hash, saved_by, saved_at, saved_offset_minutes
FROM cohort_version c WHERE version = (SELECT max(version) FROM cohort_version n WHERE n.id = c.id) ORDER BY id
