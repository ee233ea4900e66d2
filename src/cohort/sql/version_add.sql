INSERT INTO cohort_version (id, version, title, form, cql, hash, saved_by, saved_at, saved_offset_minutes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
