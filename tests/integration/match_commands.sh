#!/usr/bin/env bash
# match over a build's workspace: who is found, what the audit holds, old snapshots, wrong input.
. "${CATCHMENT_SOURCE:?the source tree}/tests/integration/commands.bash"
workspace="$scratch/w"
"$catchment" synth --people 1200 --seed 5 --out "$workspace" >/dev/null || fail "no extracts"
"$catchment" build --workspace "$workspace" --measure-months 0 >/dev/null 2>&1
[ -e "$workspace/current/lookup.sqlite" ] || fail "the snapshot keeps nothing to look people up by"
[ "$(stat -c %a "$workspace/current/lookup.sqlite")" = 600 ] || fail "others may read lookup.sqlite"

# Some residents as a practice knows them.
patients=$(find "$workspace/extracts" -name SRPatient.csv | sort | head -1)
python3 - "$patients" >"$scratch/all.csv" <<'PY' || fail "no details"
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8-sig")))
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["row", "given_name", "family_name", "birth_date"])
kept = 0
for n, row in enumerate(rows):
    given, family, born = row["FirstName"], row["Surname"], row["DateBirth"]
    if given and family and born and kept < 40:
        kept += 1
        out.writerow([f"r{n}", given, family, born])
PY
[ "$(wc -l <"$scratch/all.csv")" -ge 20 ] || fail "too few residents in $patients: $(head -2 "$scratch/all.csv")"
"$catchment" match --workspace "$workspace" --details "$scratch/all.csv" --json >"$scratch/found.jsonl" || fail "no answers"
python3 - "$scratch" <<'PY' || fail "the answers are not as they should be"
import csv, json, sys
asked = list(csv.DictReader(open(sys.argv[1] + "/all.csv")))
answers = [json.loads(line) for line in open(sys.argv[1] + "/found.jsonl")]
assert [a["row"] for a in answers] == [a["row"] for a in asked]
found = 0
for details, answer in zip(asked, answers):
    for person in answer["persons"]:
        assert abs(sum(bar["bits"] for bar in person["waterfall"]) - person["weight"]) < 0.01, person
        assert answer["verdict"] in ("same", "possible")
        if person["family_name"].lower() == details["family_name"].lower():
            found += 1
            break
    assert bool(answer["persons"]) == (answer["verdict"] != "nobody")
assert found >= 0.8 * len(asked), (found, len(asked))
PY
persons=$(python3 -c 'import json,sys; print(sum(len(json.loads(l)["persons"]) for l in open(sys.argv[1])))' "$scratch/found.jsonl")

head -2 "$scratch/all.csv" | "$catchment" match --workspace "$workspace" --details - >"$scratch/text.txt" || fail "standard input is not read"
grep -qE '^Row r[0-9]+: (Same person|Possible|Nobody)' "$scratch/text.txt" || fail "no verdict: $(cat "$scratch/text.txt")"
grep -qF 'together:' "$scratch/text.txt" || fail "no waterfall: $(cat "$scratch/text.txt")"
echo '{"given_name": "Baby", "family_name": "UNKNOWN", "birth_date": "1900-01-01"}' | "$catchment" match --workspace "$workspace" --details - >"$scratch/none.txt" ||
  fail "placeholders are refused"
grep -qF 'say too little' "$scratch/none.txt" || fail "placeholders find somebody: $(cat "$scratch/none.txt")"

"$catchment" audit verify --workspace "$workspace" >/dev/null || fail "the audit chain is broken"
if command -v sqlite3 >/dev/null; then
  shown=$(sqlite3 "$workspace/audit.sqlite" "SELECT count(*) FROM audit WHERE action = 'shown' AND object = 'linkage-review'")
  [ "$shown" -ge "$persons" ] || fail "$persons residents were shown, $shown have a row in the audit"
fi

printf 'Zebediah,Lee\nx,y\n' >"$scratch/wrong.csv"
refused 'column 1 of the first line' match --workspace "$workspace" --details "$scratch/wrong.csv"
grep -q Zebediah "$scratch/err.txt" && fail "an error repeats what was given"
refused 'cannot be read' match --workspace "$workspace" --details "$scratch/nothing.json"
refused '--details' match --workspace "$workspace"
refused 'catchment build' match --workspace "$scratch/nowhere" --details "$scratch/all.csv"
rm "$workspace/current/lookup.sqlite"
refused 'build it again' match --workspace "$workspace" --details "$scratch/all.csv"
echo "match commands: as expected, $persons persons shown for $(($(wc -l <"$scratch/all.csv") - 1)) details"
