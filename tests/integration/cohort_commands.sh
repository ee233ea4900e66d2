#!/usr/bin/env bash
# The cohort commands: a form as CQL, faults, made-up people, counts of a snapshot against the same CQL run by person.
. "${CATCHMENT_SOURCE:?the source tree}/tests/integration/commands.bash"
form=docs/examples/diabetes-no-hba1c.json

"$catchment" cohort check "$form" | grep -qF 'on the register of Diabetes mellitus, and aged 18 to 79' || fail "a form is not said in words"
"$catchment" cohort write "$form" --out "$scratch/mine.cql" || fail "no CQL was written"
"$catchment" cohort check "$scratch/mine.cql" | grep -qF 'no fault' || fail "the written CQL does not check"
echo '{"id": "a", "title": "A", "who": {"registr": "diabetes"}}' >"$scratch/bad.json"
"$catchment" cohort check "$scratch/bad.json" 2>"$scratch/faults.txt"
[ $? -eq 1 ] || fail "a faulty form does not end with 1"
grep -qF "did you mean 'register'?" "$scratch/faults.txt" || fail "a faulty form is not mended"
people=$("$catchment" cohort people "$form" --at 2026-03)
[ "$(grep -c '^in ' <<<"$people")" -eq 1 ] && [ "$(grep -c '^out ' <<<"$people")" -eq 3 ] || fail "made-up people: $people"

by_hand=$("$catchment" cohort people "$scratch/mine.cql" --at 2026-03) || fail "no people were made up for CQL"
grep -qE '^in +is in it' <<<"$by_hand" && [ "$(grep -c '^out ' <<<"$by_hand")" -ge 3 ] && grep -qF 'because "Cohort" is yes' <<<"$by_hand" || fail "made-up people of CQL: $by_hand"

workspace="$scratch/w"
"$catchment" synth --people 1200 --seed 5 --out "$workspace" >/dev/null || fail "no extracts"
"$catchment" build --workspace "$workspace" --measure-months 0 >/dev/null 2>&1 || fail "no snapshot"
cat >"$scratch/adults.json" <<'JSON'
{"id": "adults", "title": "Adults on a register", "who": {"all": [{"age": {"from": 18}}, {"any": [{"register": "hypertension"}, {"register": "depression"}]}]}}
JSON
"$catchment" cohort count "$scratch/adults.json" --workspace "$workspace" --months 2 --out "$scratch/counts.csv" 2>/dev/null || fail "no counts"
"$catchment" cohort write "$scratch/adults.json" --out "$scratch/adults.cql"
awk -F, 'NR == 1 { next } $3 != "*" && $3 % 5 != 0 { exit 1 }' "$scratch/counts.csv" || fail "a count left unrounded: $(cat "$scratch/counts.csv")"
[ "$(grep -c '^month,' "$scratch/counts.csv")" -eq 2 ] || fail "two months were asked"
shown=$(grep '^month,' "$scratch/counts.csv" | tail -1 | cut -d, -f3)
[ "$shown" -gt 20 ] || fail "hardly anyone is counted: $shown"
grep -qE '^place,(bedford|central-bedfordshire|luton|milton-keynes),' "$scratch/counts.csv" || fail "no place in the profile: $(cat "$scratch/counts.csv")"

"$catchment" cohort count "$scratch/adults.cql" --workspace "$workspace" --months 2 2>/dev/null | diff - "$scratch/counts.csv" || fail "a form and its CQL count differently"
"$catchment" cohort save "$scratch/adults.json" --workspace "$workspace" | grep -qF 'version 1' || fail "not kept"
"$catchment" cohort save "$scratch/adults.json" --workspace "$workspace" | grep -qF 'version 1' || fail "kept twice"
"$catchment" cohort list --workspace "$workspace" | grep -qF 'Adults on a register' || fail "not listed"

# Answers by person, and those behind them, are given of made-up people only.
printf 'library One using FHIR version %s context Patient define A: true' "'4.0.1'" >"$scratch/One.cql"
one() { "$catchment" cql run --libraries "$scratch" --main One --workspace "$workspace" "$@"; }
[ "$(one --subjects 2 2>/dev/null | wc -l)" -eq 3 ] || fail "two persons were asked"
sed -i 's/"synthetic": *true/"synthetic":false/' "$workspace/current/manifest.json"
one >"$scratch/rows.txt" 2>"$scratch/err.txt" && fail "a snapshot of real data was read by person"
grep -qF 'not marked synthetic' "$scratch/err.txt" || fail "not said why: $(cat "$scratch/err.txt")"
[ ! -s "$scratch/rows.txt" ] || fail "rows of real data were written"
echo "cohort commands: as expected, $shown people"
