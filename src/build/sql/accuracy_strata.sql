-- Pairs right, pairs that are and pairs that were said to be one person: all subjects, those that hold a number, those that hold enough.
WITH truly AS (SELECT sum(every) AS every, sum(numbered) AS numbered, sum(held) AS held FROM accuracy_cell GROUP BY true_person),
said AS (SELECT sum(every) AS every, sum(numbered) AS numbered, sum(held) AS held FROM accuracy_cell GROUP BY person)
SELECT
  (SELECT coalesce(sum(numbered * (numbered - 1) // 2), 0)::BIGINT FROM accuracy_cell), (SELECT coalesce(sum(numbered * (numbered - 1) // 2), 0)::BIGINT FROM truly),
  (SELECT coalesce(sum(numbered * (numbered - 1) // 2), 0)::BIGINT FROM said),
  (SELECT coalesce(sum(held * (held - 1) // 2), 0)::BIGINT FROM accuracy_cell), (SELECT coalesce(sum(held * (held - 1) // 2), 0)::BIGINT FROM truly),
  (SELECT coalesce(sum(held * (held - 1) // 2), 0)::BIGINT FROM said)
