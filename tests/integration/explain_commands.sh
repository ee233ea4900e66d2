#!/usr/bin/env bash
# explain person and explain pair over a build's workspace: what they say, what they write into the audit, wrong input.
. "${CATCHMENT_SOURCE:?the source tree}/tests/integration/commands.bash"
workspace="$scratch/w"
"$catchment" synth --people 1200 --seed 5 --out "$workspace" >/dev/null || fail "no extracts"
"$catchment" build --workspace "$workspace" --measure-months 0 >/dev/null 2>&1
[ -e "$workspace/current" ] || fail "no snapshot"

"$catchment" explain pair --workspace "$workspace" --item 1 >"$scratch/pair.txt" || fail "pair 1 is not explained"
for words in 'First:' 'Second:' 'Weight of evidence' 'NHS number' 'not joined:'; do grep -qF "$words" "$scratch/pair.txt" || fail "pair 1 does not say: $words"; done
awk '/^Weight of evidence/ { bars = 1; next } bars && /together:/ { exit (sum - $1 > 0.1 || $1 - sum > 0.1) } bars { sum += $1 }' "$scratch/pair.txt" ||
  fail "the bars do not sum to the weight: $(grep -A20 'Weight of' "$scratch/pair.txt")"

patients=$(cd "$workspace/extracts" && find . -name SRPatient.csv | sort | head -1 | cut -c3-)
"$catchment" explain person --workspace "$workspace" --file "$patients" --line 2 >"$scratch/person.txt" || fail "line 2 of $patients is not explained"
grep -qE '^(1 row is this person|[0-9]+ rows are one person), best first:' "$scratch/person.txt" || fail "no person: $(head -3 "$scratch/person.txt")"
grep -qF "$patients, line 2" "$scratch/person.txt" || fail "the row itself is not among the person's"
said=$(head -1 "$scratch/person.txt" | cut -d' ' -f1)
[ "$(grep -cE '^ +[0-9]+  ' "$scratch/person.txt")" -eq "$said" ] || fail "$said rows said, others shown"

refused 'no file of that name' explain person --workspace "$workspace" --file no/such.csv --line 2
refused 'names nobody' explain person --workspace "$workspace" --file "$patients" --line 1
refused 'names nobody' explain person --workspace "$workspace" --file "$patients" --line 99999999
refused '--line' explain person --workspace "$workspace" --file "$patients" --line 0
refused '--line' explain person --workspace "$workspace" --file "$patients" --line two
refused '--file' explain person --workspace "$workspace" --line 2
refused 'the review queue has' explain pair --workspace "$workspace" --item 99999999
refused '--item' explain pair --workspace "$workspace" --item 0
refused '--item' explain pair --workspace "$workspace"
refused 'catchment build' explain pair --workspace "$scratch/nowhere" --item 1
[ ! -e "$scratch/nowhere" ] || fail "asking made a workspace"

"$catchment" audit verify --workspace "$workspace" >/dev/null || fail "the audit chain is broken"
if command -v sqlite3 >/dev/null; then
  shown=$(sqlite3 "$workspace/audit.sqlite" "SELECT count(*) FROM audit WHERE action = 'shown' AND object = 'linkage-review'")
  [ "$shown" -eq 3 ] || fail "three residents were shown, $shown have a row in the audit"
fi
echo "explain commands: as expected, $said rows of one person"
