#!/usr/bin/env bash
# The cql and measure commands over FHIR files, as an analyst gives them, and with what is wrong.
. "${CATCHMENT_SOURCE:?the source tree}/tests/integration/commands.bash"
# expect CODE TEXT command...: the exit code, and a line of output that holds the text
expect() {
  local code=$1 text=$2 got=0
  shift 2
  "$@" >"$scratch/output.txt" 2>&1 || got=$?
  [ "$got" -eq "$code" ] || { cat "$scratch/output.txt"; fail "ended $got where $code was due: $*"; }
  grep -qF -- "$text" "$scratch/output.txt" || { cat "$scratch/output.txt"; fail "does not say: $text ($*)"; }
}

mkdir -p "$scratch/cql" "$scratch/vs" "$scratch/patients"
cat >"$scratch/cql/Visits.cql" <<'CQL'
library Visits version '1.0'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
include Words version '1.0'
valueset "Office visit": 'http://example.org/ValueSet/office-visit'
parameter "Measurement Period" Interval<DateTime>
parameter "Least" Integer default 1
context Patient
define "Visits": [Encounter: "Office visit"] E where E.period starts during "Measurement Period"
define "Number": Count("Visits")
define "Enough": "Number" >= "Least"
define "Moment": Now()
define "Word": Words."Greeting" + ' ' + ToString("Number")
context Unfiltered
define "Everyone's visits": Count([Encounter: "Office visit"])
define "How many have enough": Count("Enough" E where E)
context Patient
define "Share": ToDecimal("Number") / "Everyone's visits"
CQL
cat >"$scratch/cql/Words.cql" <<'CQL'
library Words version '1.0'
define "Greeting": 'visits'
CQL
# Two files page one value set, one as an expansion and one as a codelist.
cat >"$scratch/vs/page1.json" <<'JSON'
{"resourceType":"ValueSet","url":"http://example.org/ValueSet/office-visit","version":"1","expansion":{"offset":0,"contains":[{"system":"http://snomed.info/sct","code":"1"}]}}
JSON
cat >"$scratch/vs/page2.json" <<'JSON'
{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"ValueSet","url":"http://example.org/ValueSet/office-visit","version":"1","expansion":{"offset":1,"contains":[{"system":"http://snomed.info/sct","code":"2"}]}}}]}
JSON
encounter() { echo "{\"resourceType\":\"Encounter\",\"id\":\"$1\",$4\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"type\":[{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"$2\"}]}],\"period\":{\"start\":\"$3T09:00:00Z\",\"end\":\"$3T09:30:00Z\"}}"; }
subject() { echo "\"subject\":{\"reference\":\"Patient/$1\"},"; }
# A patient's folder with a folder for each type; one resource does not say whose it is.
mkdir -p "$scratch/patients/ann/Patient" "$scratch/patients/ann/Encounter"
echo '{"resourceType":"Patient","id":"ann","birthDate":"1970-01-01"}' >"$scratch/patients/ann/Patient/a.json"
encounter e1 1 2025-03-01 "$(subject ann)" >"$scratch/patients/ann/Encounter/1.json"
encounter e2 2 2025-04-01 '' >"$scratch/patients/ann/Encounter/2.json"
echo '{"resourceType":"MeasureReport","id":"ann-report","status":"complete","type":"individual","measure":"m","period":{"start":"2025-01-01","end":"2025-12-31"}}' >"$scratch/patients/ann/MeasureReport.json"
# A patient's folder whose files lie side by side, and one with a bundle.
mkdir -p "$scratch/patients/ben" "$scratch/patients/cas"
echo '{"resourceType":"Patient","id":"ben","birthDate":"1980-01-01"}' >"$scratch/patients/ben/whatever.json"
encounter e3 1 2024-03-01 "$(subject ben)" >"$scratch/patients/ben/other name.json"
echo "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"cas\"}},{\"resource\":$(encounter e4 2 2025-05-05 "$(subject cas)")}]}" >"$scratch/patients/cas/bundle.json"

run=("$catchment" cql run --main Visits --libraries "$scratch/cql" --data "$scratch/patients" --value-sets "$scratch/vs" --at 2026-01-15T00:00:00Z)
period=(--period 2025-01-01..2025-12-31)

# One row a patient, typed columns; Unfiltered definitions are about everyone.
expect 0 '3 patients, 8 definitions' "${run[@]}" "${period[@]}" --out "$scratch/out.csv"
cat >"$scratch/wanted.csv" <<'CSV'
patient,Visits (count),Visits,Number,Enough,Moment,Word,Everyone's visits,How many have enough,Share
ann,2,"[""Encounter/e1"",""Encounter/e2""]",2,true,2026-01-15T00:00:00.000+00:00,visits 2,4,2,0.5
ben,0,[],0,false,2026-01-15T00:00:00.000+00:00,visits 0,4,2,0.0
cas,1,"[""Encounter/e4""]",1,true,2026-01-15T00:00:00.000+00:00,visits 1,4,2,0.25
CSV
diff "$scratch/out.csv" "$scratch/wanted.csv" || fail "the rows of CSV"
expect 0 '3 patients' "${run[@]}" "${period[@]}" --out "$scratch/out.ndjson"
[ "$(wc -l <"$scratch/out.ndjson")" -eq 3 ] || fail "the rows of NDJSON"
# The same from gzipped NDJSON, a file a type.
mkdir "$scratch/nd"
cat "$scratch"/patients/*/Patient/a.json "$scratch/patients/ben/whatever.json" | gzip >"$scratch/nd/Patient.ndjson.gz"
echo '{"resourceType":"Patient","id":"cas"}' >"$scratch/nd/Patient.000.ndjson"
{ encounter e1 1 2025-03-01 "$(subject ann)"; encounter e2 2 2025-04-01 "$(subject ann)"; encounter e3 1 2024-03-01 "$(subject ben)"; encounter e4 2 2025-05-05 "$(subject cas)"; } | gzip >"$scratch/nd/Encounter.ndjson.gz"
expect 0 '3 patients' "$catchment" cql run --main Visits --libraries "$scratch/cql" --data "$scratch/nd" --value-sets "$scratch/vs" --at 2026-01-15T00:00:00Z "${period[@]}" --out "$scratch/nd.csv"
diff "$scratch/nd.csv" "$scratch/wanted.csv" || fail "the rows from gzipped NDJSON"

# Parameters, moments, fewer patients.
expect 0 '2,false' "${run[@]}" "${period[@]}" --parameter 'Least=3'
expect 2 'Least' "${run[@]}" "${period[@]}" --parameter "Least='three'"
expect 2 'did you mean "Least"' "${run[@]}" "${period[@]}" --parameter 'Lest=3'
expect 2 'NAME=EXPRESSION' "${run[@]}" "${period[@]}" --parameter 'Least'
expect 0 '1 patients' "${run[@]}" "${period[@]}" --subjects 1 --out "$scratch/one.csv"
expect 2 'is not a period' "${run[@]}" --period 2025
expect 2 'ends before it starts' "${run[@]}" --period 2025-12-31..2025-01-01
expect 2 'is not a date' "${run[@]}" --period 2025-01-01..then
expect 2 'is not a date and time' "$catchment" cql run --expression 'Now()' --at yesterday
# What is missing is named, with what to do.
expect 2 'there is no library Visit' "$catchment" cql run --main Visit --libraries "$scratch/cql" --data "$scratch/patients"
expect 2 'did you mean Visits' "$catchment" cql run --main Visit --libraries "$scratch/cql" --data "$scratch/patients"
expect 2 '"Office visit" (http://example.org/ValueSet/office-visit)' "$catchment" cql run --main Visits --libraries "$scratch/cql" --data "$scratch/patients" "${period[@]}"
expect 0 'ann,0' "$catchment" cql run --main Visits --libraries "$scratch/cql" --data "$scratch/patients" "${period[@]}" --allow-missing-value-sets
expect 2 "there is no file or folder $scratch/nowhere" "$catchment" cql run --main Visits --libraries "$scratch/cql" --data "$scratch/nowhere" --value-sets "$scratch/vs"
expect 2 "there is no file or folder $scratch/nowhere" "$catchment" cql run --main Visits --libraries "$scratch/nowhere" --data "$scratch/patients"
expect 2 "there is no file $scratch/cql/None.cql" "$catchment" cql run --main "$scratch/cql/None.cql" --data "$scratch/patients"
expect 2 "there is no file $scratch/cql/None.cql" "$catchment" cql check "$scratch/cql/None.cql"
expect 2 'there is no patient' "$catchment" cql run --main Words --libraries "$scratch/cql" --data "$scratch/vs"
expect 2 'neither .csv nor .ndjson' "${run[@]}" "${period[@]}" --out "$scratch/out.txt"
expect 2 'nothing to evaluate' "$catchment" cql run
expect 0 'warning: no library has a parameter "Measurement Period"' "$catchment" cql run --main Words --libraries "$scratch/cql" --data "$scratch/patients" "${period[@]}"
expect 1 'Visits.cql:4' "$catchment" cql check "$scratch/cql/Visits.cql" --libraries "$scratch/vs"
# A main library given as a file includes those beside it.
expect 0 'ann,2' "$catchment" cql run --main "$scratch/cql/Visits.cql" --data "$scratch/patients" --value-sets "$scratch/vs" "${period[@]}"
# One patient's rows, and which clauses the patients exercised.
expect 0 'Visits."Visits" 9:18  Encounter/e1, Encounter/e2' "${run[@]}" "${period[@]}" --evidence ann
expect 2 'no such patient' "${run[@]}" "${period[@]}" --evidence nobody
expect 0 'clauses they exercised' "${run[@]}" "${period[@]}" --coverage "$scratch/covered.txt"
grep -q 'Visits."Enough"' "$scratch/covered.txt" || fail "the coverage view"
expect 2 '--coverage' "$catchment" cql run --main Visits --libraries "$scratch/cql" --workspace "$scratch" --coverage "$scratch/covered.txt"
# A file that is no JSON, and one that is cut off, are named; the others count.
echo '{"resourceType":"Encounter"' >"$scratch/patients/ben/broken.json"
expect 0 'broken.json' "${run[@]}" "${period[@]}" --out "$scratch/again.csv"
diff "$scratch/again.csv" "$scratch/wanted.csv" || fail "a broken file changed the rows"
rm "$scratch/patients/ben/broken.json"
printf '%s' "$(gzip -c "$scratch/nd/Patient.000.ndjson" | head -c 12 | base64)" | base64 -d >"$scratch/nd/cut.ndjson.gz"
expect 3 'cut.ndjson.gz' "$catchment" cql run --main Words --libraries "$scratch/cql" --data "$scratch/nd"

# A suite: what fails must be listed, what is listed must fail.
cat >"$scratch/Suite.xml" <<'XML'
<tests xmlns="http://hl7.org/fhirpath/tests" name="Suite"><group name="G">
<test name="Good"><expression>1 + 1</expression><output>2</output></test>
<test name="Bad"><expression>1 + 1</expression><output>3</output></test>
</group></tests>
XML
printf 'file,test,reason\nSuite,Bad,"CQL 1.5.3 says so"\n' >"$scratch/listed.csv"
printf 'file,test,reason\nSuite,Bad,"CQL 1.5.3"\nSuite,Good,"CQL 1.5.3"\n' >"$scratch/stale.csv"
printf 'file,test,reason\n' >"$scratch/none.csv"
expect 0 'total 1/2' "$catchment" cql test "$scratch/Suite.xml" --exceptions "$scratch/listed.csv"
expect 1 'PASSES BUT IS LISTED as an exception: Suite/Good' "$catchment" cql test "$scratch/Suite.xml" --exceptions "$scratch/stale.csv"
expect 1 'FAIL G/Bad' "$catchment" cql test "$scratch/Suite.xml" --exceptions "$scratch/none.csv"
[ "$(tail -1 "$scratch/output.txt")" = 'total 1/2' ] || fail "the last line"
expect 2 'no-such.xml' "$catchment" cql test "$scratch/no-such.xml"

# The operators' page is what the table and the cases give; one line more in the cases and it is stale.
"$catchment" cql reference --cases "$source_tree/tests/cql/operator_cases.csv" | diff -q - "$source_tree/docs/reference/cql-operators.md" || fail "docs/reference/cql-operators.md is stale"
{ cat "$source_tree/tests/cql/operator_cases.csv"; echo 'Add,1 + 41,42'; } >"$scratch/cases.csv"
"$catchment" cql reference --cases "$scratch/cases.csv" | diff -q - "$source_tree/docs/reference/cql-operators.md" >/dev/null && fail "a new case does not show in the page"

# What explain says of codes: by name, one by one, or where they are worked out.
mkdir "$scratch/explain"
cat >"$scratch/explain/Lists.cql" <<'CQL'
library Lists
using FHIR version '4.0.1'
codesystem S: 's'
code A: 'a' from S
code B: 'b' from S
context Patient
define Two: { A, B }
define First: [Condition: code in Two]
define Again: [Condition: code in Two] C where C.id is not null
define Named: [Condition: code in { A, B }]
CQL
explain() { expect 0 "$1" "$catchment" cql explain --main Lists --libraries "$scratch/explain"; }
explain 'reads (2 different retrieves)'
explain 'Condition where code is in the codes of Lists."Two", asked 2 times and read once'
explain 'Condition where code is in code s|a or code s|b'
echo "the cql commands answer as they say"
