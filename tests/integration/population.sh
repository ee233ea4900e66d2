#!/usr/bin/env bash
# A synthetic population of 2,000 through the whole path. Sourced by the other scripts here; as a test it checks that
# the same inputs give the same content on 1, 2 and 16 threads, that person ids last, and that receipts add up.
set -euo pipefail
catchment=${CATCHMENT:?the binary to test}
system=${CATCHMENT_SOURCE:?the source tree}/system/blmk
scratch=$(mktemp -d "${TMPDIR:-/tmp}/catchment-integration.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
build() { "$catchment" build --workspace "$1" --system "$system" "${@:2}"; }
content() { sed -n 's/.*"content_hash":"\([0-9a-f]*\)".*/\1/p' "$1/current/manifest.json"; }
population() { "$catchment" synth --people "${2:-2000}" --seed 1 --system "$system" --out "$1" >"$scratch/synth.log" 2>&1 || { cat "$scratch/synth.log"; fail "synth"; }; }
[ "${BASH_SOURCE[0]}" = "$0" ] || return 0

population "$scratch/one"
cp -r "$scratch/one" "$scratch/sixteen"
build "$scratch/one" --threads 1 --measure-months 2 >"$scratch/receipt.txt" 2>"$scratch/progress.txt" || fail "the build: $(tail -5 "$scratch/progress.txt")"
grep -q 'Synthetic data: not real people or performance' "$scratch/receipt.txt" || fail "the receipt does not say that people are invented"
grep -q 'Linkage against truth' "$scratch/receipt.txt" || fail "no accuracy against truth"
grep -q 'stage 4 of 5: publish' "$scratch/progress.txt" || fail "no progress lines"
grep -qP '\r' "$scratch/progress.txt" && fail "a bar was drawn where there is no terminal"
first=$(content "$scratch/one")
[ ${#first} -eq 64 ] || fail "no content hash in the manifest"
build "$scratch/sixteen" --threads 16 --measure-months 1 >/dev/null 2>&1 || fail "the build on sixteen threads"
[ "$(content "$scratch/sixteen")" = "$first" ] || fail "sixteen threads give another content"
build "$scratch/one" --threads 2 --measure-months 1 --json >"$scratch/again.json" 2>/dev/null || fail "the second build"
[ "$(content "$scratch/one")" = "$first" ] || fail "building again gives another content: person ids did not last"
python3 - "$scratch/again.json" <<'PY' || fail "the receipt does not add up"
import json, sys
r = json.load(open(sys.argv[1]))
assert r["passed"] and not r["failures"]
for f in r["feeds"]:
    assert f["rows_read"] == f["rows_accepted"] + f["rows_quarantined"], f
assert sum(f["rows_quarantined"] for f in r["feeds"]) <= sum(q["rows"] for q in r["quarantined"])
a = r["linkage_accuracy"]
assert a["precision"] > 0.99 and a["recall"] > 0.5, a
assert 1900 < r["residents"] < 2300 and r["registered"] > 1900, (r["residents"], r["registered"])
assert r["rows"]["observation"] > 0 and r["rows"]["encounter"] > 0 and r["results"] > 1000
# Every kind of partner lands, and what is about organisations beside what is about people.
landed = {f["feed"] for f in r["feeds"] if f["rows_accepted"] > 0}
wanted = """gp_emis_patient gp_tpp_patient gp_emis_observation gp_tpp_observation sus_apc sus_op sus_ecds sus_pseudonymised_apc sus_pseudonymised_op
  sus_pseudonymised_ecds fhir_r4 waiting_list csds_contact mhsds_contact mhsds_spell mhsds_detention mhsds_restrictive_intervention iapt_patient iapt_referral iapt_score ambulance_incident iuc_call cld voluntary_contact continuing_care
  msds_mother msds_baby death_registration child_health_immunisation screening_invitation pds_trace opt_out_type1 opt_out_national
  prescribing_cost organisation_file organisation_successor""".split()
assert not set(wanted) - landed, set(wanted) - landed
for table in ("care_plan", "care_service", "screening", "referral", "death", "prescribing_cost", "organisation_entry", "organisation_succession"):
    assert r["rows"][table] > 0, table
PY
perm=$(stat -c %a "$(readlink -f "$scratch/one/current")/identity.duckdb")
[ "$perm" = 600 ] || fail "identity.duckdb has mode $perm"
[ "$(ls "$scratch/one/snapshots" | wc -l)" -eq 2 ] || fail "two builds should leave two snapshots"
for i in 1 2 3; do build "$scratch/one" --keep 2 --stage intake >/dev/null 2>&1 || fail "a stage alone"; done
[ "$(content "$scratch/one")" = "$first" ] || fail "a stage alone changed what is published"
echo "content $first on 1, 2 and 16 threads"
