SELECT id, version, title, form, cql, hash, saved_by, saved_at, saved_offset_minutes
FROM cohort_version WHERE id = ?1 AND (?2 = 0 OR version = ?2) ORDER BY version DESC LIMIT 1
