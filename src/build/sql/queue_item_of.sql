-- The item whose sides hold one row each, either way round.
SELECT a.item FROM review_subject a JOIN review_subject b ON b.item = a.item AND b.side <> a.side
WHERE a.link_source = ? AND a.key = ? AND b.link_source = ? AND b.key = ? LIMIT 1
