#!/usr/bin/env bash
# A measure as publishers ship one: a Bundle with the Measure, its libraries in base64 (FHIRHelpers among them) and its
# value sets; a folder a patient with a folder a resource type and the MeasureReport that is expected of it.
. "${CATCHMENT_SOURCE:?the source tree}/tests/integration/commands.bash"

python3 - "$scratch" <<'PY' || fail "the content"
import base64, json, os, sys
root = sys.argv[1]
helpers = """library FHIRHelpers version '4.4.000'
using FHIR version '4.0.1'
context Patient
define fluent function ToInterval(period FHIR.Period):
  if period is null then null
  else if period."start" is null then Interval(period."start".value, period."end".value]
  else Interval[period."start".value, period."end".value]
define fluent function ToDateTime(value dateTime): value.value
define fluent function ToString(value string): value.value
define fluent function ToString(value EncounterStatus): value.value
define fluent function ToString(value ServiceRequestStatus): value.value
define fluent function ToBoolean(value boolean): value.value
define fluent function ToCode(coding FHIR.Coding):
  if coding is null then null else System.Code { code: coding.code.value, system: coding.system.value, version: coding.version.value, display: coding.display.value }
define fluent function ToConcept(concept FHIR.CodeableConcept):
  if concept is null then null else System.Concept { codes: concept.coding C return ToCode(C), display: concept.text.value }
define fluent function ToQuantity(quantity FHIR.Quantity): if quantity is null then null else System.Quantity { value: quantity.value.value, unit: quantity.unit.value }
"""
common = """library CareCommon version '2.1.000'
using FHIR version '4.0.1'
include FHIRHelpers version '4.4.000' called FHIRHelpers
codesystem "ConditionClinicalStatusCodes": 'http://terminology.hl7.org/CodeSystem/condition-clinical'
code "active": 'active' from "ConditionClinicalStatusCodes"
context Patient
define fluent function toInterval(choice Choice<FHIR.dateTime, FHIR.Period, FHIR.Timing, FHIR.instant, FHIR.string, FHIR.Age, FHIR.Range>):
  case
    when choice is FHIR.dateTime then Interval[FHIRHelpers.ToDateTime(choice as FHIR.dateTime), FHIRHelpers.ToDateTime(choice as FHIR.dateTime)]
    when choice is FHIR.Period then FHIRHelpers.ToInterval(choice as FHIR.Period)
    else null as Interval<DateTime>
  end
define fluent function hasStart(period Interval<DateTime>): not (start of period is null or start of period = minimum DateTime)
define fluent function isFinished(encounters List<FHIR.Encounter>): encounters E where E.status = 'finished'
define fluent function earliest(choice Choice<FHIR.dateTime, FHIR.Period>):
  (choice.toInterval()) period return if period.hasStart() then start of period else end of period
/* A request not to do something is no request. */
define fluent function wasOrdered(requests List<FHIR.ServiceRequest>):
  requests R where R.status in { 'active', 'completed' } and Coalesce(R.doNotPerform.value, false) is false
"""
care = """library EmergencyCare version '0.3.000'
using FHIR version '4.0.1'
include FHIRHelpers version '4.4.000' called FHIRHelpers
include CareCommon version '2.1.000' called CareCommon
valueset "Emergency Department Visit": 'http://example.org/ValueSet/ed|20240101'
valueset "Imaging": 'http://example.org/ValueSet/imaging'
valueset "Psychiatric": 'http://example.org/ValueSet/psychiatric'
parameter "Measurement Period" Interval<DateTime> default Interval[@2024-01-01T00:00:00.0Z, @2025-01-01T00:00:00.0Z)
context Patient
define "Initial Population":
  (([Encounter: "Emergency Department Visit"]).isFinished()) Visit where Visit.period ends during day of "Measurement Period"
define "Denominator": "Initial Population"
define "Denominator Exclusions": "Initial Population" Visit where exists (Visit.reasonCode Reason where Reason in "Psychiatric")
define "Numerator":
  "Initial Population" Visit
    with (([ServiceRequest: "Imaging"]).wasOrdered()) Request
      such that Request.authoredOn during Visit.period
define "Stratum Adults": "Initial Population" Visit where AgeInYearsAt(date from start of Visit.period) >= 18
define function "Minutes"(Visit Encounter): duration in minutes of Visit.period
define function "Imaging Orders"(Visit Encounter):
  Count((([ServiceRequest: "Imaging"]).wasOrdered()) Request where Request.authoredOn during Visit.period)
define "SDE Sex": Patient.gender
"""
def library(name, version, text):
    return {"resourceType": "Library", "id": name, "url": "http://example.org/Library/" + name, "name": name, "version": version, "status": "active",
            "type": {"coding": [{"code": "logic-library"}]},
            "content": [{"contentType": "application/elm+json", "data": base64.b64encode(b"{}").decode()}, {"contentType": "text/cql", "data": base64.b64encode(text.encode()).decode()}]}
def concept(code): return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/measure-population", "code": code}]}
ext = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-"
def population(group, code, expression, *extensions):
    return {"id": group + "-" + code, "code": concept(code), "criteria": {"language": "text/cql-identifier", "expression": expression}, **({"extension": list(extensions)} if extensions else {})}
def group(name, scoring, populations, stratifier=None):
    g = {"id": name, "extension": [{"url": ext + "scoring", "valueCodeableConcept": {"coding": [{"code": scoring}]}}, {"url": ext + "populationBasis", "valueCode": "Encounter"}], "population": populations}
    if stratifier: g["stratifier"] = [{"id": name + "-s", "criteria": {"language": "text/cql-identifier", "expression": stratifier}}]
    return g
def observation(group, of, function, method):
    return population(group, "measure-observation", function, {"url": ext + "criteriaReference", "valueString": of}, {"url": ext + "aggregateMethod", "valueString": method})
ratio = [population("r", "initial-population", "Initial Population"), population("r", "denominator", "Denominator"), population("r", "denominator-exclusion", "Denominator Exclusions"), population("r", "numerator", "Numerator"),
         observation("r", "r-denominator", "Minutes", "Sum"), observation("r", "r-numerator", "Imaging Orders", "Sum")]
ratio[4]["id"], ratio[5]["id"] = "r-observed-denominator", "r-observed-numerator"
measure = {"resourceType": "Measure", "id": "EmergencyCare", "url": "http://example.org/Measure/EmergencyCare", "version": "0.3.000", "name": "EmergencyCare", "status": "active",
           "library": ["http://example.org/Library/EmergencyCare|0.3.000"],
           "group": [group("p", "proportion", [population("p", "initial-population", "Initial Population"), population("p", "denominator", "Denominator"), population("p", "denominator-exclusion", "Denominator Exclusions"), population("p", "numerator", "Numerator")], "Stratum Adults"),
                     group("c", "continuous-variable", [population("c", "initial-population", "Initial Population"), population("c", "measure-population", "Denominator"), population("c", "measure-population-exclusion", "Denominator Exclusions"), observation("c", "c-measure-population", "Minutes", "Median")]),
                     group("r", "ratio", ratio)],
           "supplementalData": [{"id": "sde-sex", "usage": [{"coding": [{"code": "supplemental-data"}]}], "criteria": {"language": "text/cql-identifier", "expression": "SDE Sex"}}]}
def value_set(name, codes, **more):
    return {"resourceType": "ValueSet", "id": name, "url": "http://example.org/ValueSet/" + name, "version": "20240101", "status": "active", "expansion": {"contains": [{"system": "http://snomed.info/sct", "code": c} for c in codes]}, **more}
bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": r, "request": {"method": "PUT", "url": "x"}} for r in
          (measure, library("EmergencyCare", "0.3.000", care), library("CareCommon", "2.1.000", common), library("FHIRHelpers", "4.4.000", helpers), value_set("ed", ["1"]), value_set("ed", ["2"]), value_set("imaging", ["3"]), value_set("psychiatric", ["4"]))]}
os.makedirs(root + "/tests")
json.dump(bundle, open(root + "/EmergencyCare-bundle.json", "w"))

def coded(code): return {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
def visit(i, code, start, end, reason=None, status="finished"):
    return {"resourceType": "Encounter", "id": i, "status": status, "class": {"code": "EMER"}, "type": [coded(code)], "period": {"start": start, "end": end}, **({"reasonCode": [coded(reason)]} if reason else {})}
def request(i, at, **more): return {"resourceType": "ServiceRequest", "id": i, "status": "active", "intent": "order", "code": coded("3"), "authoredOn": at, **more}
# patient, birth date, resources; counts of p (ip, d, dx, n), of the adults' stratum, of c (ip, mp, mpx, obs), of r (ip, d, dx, n, obs d, obs n)
patients = [
  ("11111111-aaaa", "1980-05-05", [visit("v1", "1", "2024-02-01T08:00:00.000Z", "2024-02-01T10:00:00.000Z"), visit("v2", "2", "2024-03-01T08:00:00Z", "2024-03-01T08:30:00Z"), request("q1", "2024-02-01T09:00:00.000Z")],
   [2, 2, 0, 1], [2, 2, 0, 1], [2, 2, 0, 2], [2, 2, 0, 1, 2, 1]),
  ("22222222-bbbb", "2015-05-05", [visit("v3", "1", "2024-02-01T08:00:00Z", "2024-02-01T09:00:00Z", reason="4"), request("q2", "2024-02-01T08:10:00Z")],
   [1, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 0], [1, 1, 1, 0, 0, 0]),
  # Not to be imaged; a visit of last year; one under way; one of another kind.
  ("33333333-cccc", "1950-05-05", [visit("v4", "1", "2024-12-31T23:00:00Z", "2024-12-31T23:45:00Z"), request("q3", "2024-12-31T23:10:00Z", doNotPerform=True), visit("v5", "1", "2023-02-01T08:00:00Z", "2023-02-01T09:00:00Z"),
    visit("v6", "1", "2024-05-01T08:00:00Z", "2024-05-01T09:00:00Z", status="in-progress"), visit("v7", "9", "2024-05-01T08:00:00Z", "2024-05-01T09:00:00Z")],
   [1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 1], [1, 1, 0, 0, 1, 0]),
  ("44444444-dddd", "1990-05-05", [], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0, 0, 0])]
for i, born, resources, p, s, c, r in patients:
    for resource in [{"resourceType": "Patient", "id": i, "birthDate": born, "gender": "female"}] + resources:
        if resource["resourceType"] != "Patient" and resource["id"] != "v2": resource["subject"] = {"reference": "Patient/" + i}
        folder = f"{root}/tests/{i}/{resource['resourceType']}"
        os.makedirs(folder, exist_ok=True)
        json.dump(resource, open(f"{folder}/{resource['id']}.json", "w"))
    report = {"resourceType": "MeasureReport", "id": "expected", "status": "complete", "type": "individual", "measure": measure["url"], "period": {"start": "2024-01-01", "end": "2024-12-31"},
              "group": [{"id": g, "population": [{"id": q["id"], "count": n} for q, n in zip(next(m for m in measure["group"] if m["id"] == g)["population"], counts)]} for g, counts in (("p", p), ("c", c), ("r", r))]}
    report["group"][0]["stratifier"] = [{"stratum": [{"value": {"text": "true"}, "population": [{"count": n} for n in s]}]}]
    json.dump(report, open(f"{root}/tests/{i}/MeasureReport-expected.json", "w"))
PY

evaluate=("$catchment" measure evaluate --measure "$scratch/EmergencyCare-bundle.json" --data "$scratch/tests" --period 2024-01-01T00:00:00.000Z..2024-12-31T23:59:59.999Z --at 2025-01-15T00:00:00Z)
"${evaluate[@]}" --report individual --out "$scratch/reports" >"$scratch/out.txt" 2>&1 || { cat "$scratch/out.txt"; fail "individual reports"; }
"${evaluate[@]}" --report summary --out "$scratch/summary" >"$scratch/sum.txt" 2>&1 || { cat "$scratch/sum.txt"; fail "the summary"; }
python3 - "$scratch" <<'PY' || { cat "$scratch/out.txt"; fail "the reports"; }
import glob, json, sys
root, wrong, compared = sys.argv[1], 0, 0
counts = lambda group: [p["count"] for p in group["population"]]
for path in sorted(glob.glob(root + "/tests/*/MeasureReport-expected.json")):
    expected = json.load(open(path))
    patient = path.split("/")[-2]
    report = json.load(open(f"{root}/reports/{patient}.json"))
    assert report["subject"]["reference"] == "Patient/" + patient and report["type"] == "individual"
    for want, got in zip(expected["group"], report["group"]):
        compared += 1
        if counts(want) != counts(got) or want["id"] != got["id"]: wrong += 1; print(patient, want["id"], "expected", counts(want), "got", counts(got))
    stratum = [s for s in report["group"][0]["stratifier"][0].get("stratum", []) if s["value"]["text"] == "true"]
    want = counts(expected["group"][0]["stratifier"][0]["stratum"][0])
    if (counts(stratum[0]) if stratum else [0] * 4) != want: wrong += 1; print(patient, "stratum", want, stratum)
summary = json.load(open(glob.glob(root + "/summary/*.json")[0]))
assert summary["type"] == "summary" and "subject" not in summary
p, c, r = summary["group"]
score = lambda g: float(g["measureScore"]["value"])
# Three of four visits are not excluded and one is imaged; minutes 120, 30, 45; one order in 195 minutes.
assert counts(p) == [4, 4, 1, 1], counts(p)
assert abs(score(p) - 1 / 3) < 1e-6 and score(c) == 45 and abs(score(r) - 1 / 195) < 1e-6, (score(p), score(c), score(r))
print(compared, "groups compared,", wrong, "wrong")
sys.exit(1 if wrong or compared != 12 else 0)
PY
echo "the measure's reports are those expected"
