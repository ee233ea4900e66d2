#!/usr/bin/env bash
# Files that cannot be read as they are: each is one clear line that names it, and every other file is loaded whole.
. "$(dirname "$0")/population.sh"
workspace=$scratch/bad
population "$workspace" 300
build "$workspace" --measure-months 0 --json >"$scratch/good.json" 2>/dev/null || fail "the build of sound files"
extracts=$workspace/extracts
mkdir -p "$extracts/gp-emis/QHG/2026-02" "$extracts/screening/QHG/2026-02"
: >"$extracts/gp-emis/QHG/2026-02/observation.csv"
mkdir "$extracts/screening/QHG/2026-02/invitations.csv"
# A gzip cut off in the middle, of resources that are nobody's yet.
mkdir -p "$extracts/fhir/RD8/2026-02"
gzip -c "$extracts/fhir/RD8/2026-03/Condition.ndjson" | head -c 3000 >"$extracts/fhir/RD8/2026-02/Condition.ndjson.gz"
# A line longer than any row may be, as a hole in the file: it takes no disk. CATCHMENT_LONG_LINE=4G for the full size.
mkdir -p "$extracts/gp-emis/QHG/2026-01"
head -1 "$extracts/gp-emis/QHG/2026-03/problem.csv" >"$extracts/gp-emis/QHG/2026-01/problem.csv"
truncate -s "${CATCHMENT_LONG_LINE:-64M}" "$extracts/gp-emis/QHG/2026-01/problem.csv"
printf '\n' >>"$extracts/gp-emis/QHG/2026-01/problem.csv"
sed -n 2p "$extracts/gp-emis/QHG/2026-03/problem.csv" >>"$extracts/gp-emis/QHG/2026-01/problem.csv"

got=0
started=$(date +%s)
"$catchment" check extracts --extracts "$extracts" --system "$system" --as-of 2026-03-31 >"$scratch/check.txt" 2>&1 || got=$?
[ "$got" -eq 1 ] || { tail -20 "$scratch/check.txt"; fail "check extracts ended $got where 1 was due"; }
echo "check took $(($(date +%s) - started)) s"
for told in 'observation.csv: empty (empty-file)' 'invitations.csv: unreadable (not-a-file)' 'Condition.ndjson.gz: incomplete (truncated)' '2026-01/problem.csv: 1 of 2 rows quarantined'; do
  [ "$(grep -cF "$told" "$scratch/check.txt")" -eq 1 ] || { tail -20 "$scratch/check.txt"; fail "not one line of: $told"; }
done
got=0
build "$workspace" --measure-months 0 --json >"$scratch/bad.json" 2>"$scratch/bad.txt" || got=$?
[ "$got" -eq 1 ] || { tail -5 "$scratch/bad.txt"; fail "the build ended $got where 1 was due"; }
python3 - "$scratch/good.json" "$scratch/bad.json" <<'PY' || fail "rows of sound files were lost"
import json, sys
good, bad = (json.load(open(p)) for p in sys.argv[1:])
assert not bad["passed"] and len(bad["failures"]) == 4, bad["failures"]
assert all(f["rows_read"] == f["rows_accepted"] + f["rows_quarantined"] for f in bad["feeds"])
before = {f["feed"]: f["rows_accepted"] for f in good["feeds"]}
for f in bad["feeds"]:
    assert f["rows_accepted"] >= before[f["feed"]], f
PY
echo "four bad files named, every sound one loaded"
