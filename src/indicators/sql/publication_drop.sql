-- Releases of each basis by itself, as they were kept before: they do not say who is of both, so nothing can be held against them.
DROP TABLE IF EXISTS publication
