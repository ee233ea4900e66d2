-- One row for each condition and each encounter that names it, as the encounter's newest delivery has it. `own`: the condition's row is the
-- diagnosis of that encounter, which it names itself (or, where it names none, which names it first), and is dated with its first day.
CREATE TEMP TABLE diagnosis_rank AS
WITH named AS (
  SELECT t.source, t.line, d.encounter, d.start_date, d.rank
  FROM encounter_diagnosis d
  JOIN diagnosis_target t ON t.scope = d.scope AND t.id = d.id AND t.subject = d.subject
  WHERE t.condition
  QUALIFY row_number() OVER (PARTITION BY t.source, t.line, d.encounter ORDER BY d.source DESC, d.line DESC, d.rank) = 1
)
SELECT n.source, n.line, n.encounter, n.start_date, n.rank,
  CASE
    WHEN c.encounter IS NULL THEN row_number() OVER (PARTITION BY n.source, n.line ORDER BY n.start_date, n.encounter) = 1
    ELSE c.encounter IS NOT DISTINCT FROM n.encounter
  END AND coalesce(coalesce(c.onset_date, c.recorded_date) = n.start_date, true) AS own
FROM named n
JOIN staged_condition c ON c.source = n.source AND c.line = n.line
WHERE n.rank IS NOT NULL
