-- All but the newest so many, and what goes beyond so many bytes.
DELETE FROM answer WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS place, sum(length(who)) OVER (ORDER BY id DESC) AS bytes FROM answer)
  WHERE place > ? OR bytes > ?)
