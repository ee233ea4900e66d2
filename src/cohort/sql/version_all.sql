SELECT id, version, title, form, cql, hash, saved_by, saved_at, saved_offset_minutes
FROM cohort_version WHERE id = ?1 ORDER BY version DESC
