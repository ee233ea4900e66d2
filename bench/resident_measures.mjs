// How long a resident's measures, and the rows behind one of them, take the server, over residents found by common names.
// Usage: node bench/resident_measures.mjs http://127.0.0.1:PORT [RESIDENTS]   a server started with `catchment serve --demo`
// Checks that each answer names measures and that the rows behind one are there, and that none took over 300 ms. Prints medians
// and the slowest; nothing about anybody.
const [address, wanted = "200"] = process.argv.slice(2);
if (address === undefined) {
  console.log("usage: resident_measures.mjs ADDRESS [RESIDENTS]");
  process.exit(2);
}
const limit = 300;

async function answer(path, options = {}) {
  const before = performance.now();
  const response = await fetch(`${address}/api/v1${path}`, options);
  const body = await response.text();
  if (!response.ok) throw new Error(`${path.split("/")[1]} answered ${response.status}`);
  return { body: JSON.parse(body), took: performance.now() - before, cookie: response.headers.get("set-cookie")?.split(";")[0] };
}

const offered = (await answer("/session")).body.demonstration_sign_ins.find((one) => one.role === "care-professional");
if (offered === undefined) throw new Error("no demonstration sign-in for a care professional");
const json = { "content-type": "application/json", origin: address };
const session = await answer("/session", { method: "POST", headers: json, body: JSON.stringify({ name: offered.name, password: offered.password }) });
const headers = { cookie: session.cookie };
const posting = { ...json, ...headers, "x-catchment-token": session.body.csrf_token };

const handles = [];
for (const query of ["Smith", "Jones", "Khan", "Brown", "Taylor", "Ahmed", "Wilson", "Patel", "Davies", "Evans"]) {
  const { body } = await answer("/residents/search", { method: "POST", headers: posting, body: JSON.stringify({ query, limit: 50 }) });
  handles.push(...body.hits.map((hit) => hit.handle));
}
const lists = [], reasons = [];
let measures = 0, rows = 0, faults = 0;
for (const handle of handles.slice(0, Number(wanted))) {
  const list = await answer(`/residents/${handle}/measures`, { headers });
  lists.push(list.took);
  measures += list.body.measures.length;
  if (list.body.measures.length + list.body.others < 50) faults += 1;
  const one = list.body.measures[0];
  if (one === undefined) continue;
  const why = await answer(`/residents/${handle}/measures/${one.id}`, { headers });
  reasons.push(why.took);
  if (why.body.measure.standing !== one.standing || why.body.parts.length === 0) faults += 1;
  for (const part of why.body.parts) for (const clause of part.clauses) rows += clause.rows.length;
}
const told = (name, took) => {
  took.sort((a, b) => a - b);
  console.log(`${name}: ${took.length}, median ${took[Math.floor(took.length / 2)].toFixed(1)} ms, slowest ${took.at(-1).toFixed(1)} ms`);
  return took.at(-1);
};
const first = lists[0];
const most = Math.max(told("measures of a resident", lists), told("the rows behind one", reasons));
console.log(`first ${first.toFixed(1)} ms; ${(measures / lists.length).toFixed(1)} measures a resident, ${(rows / reasons.length).toFixed(1)} rows behind one`);
if (rows === 0) faults += 1;
if (faults > 0) console.log(`${faults} answers were not as they should be`);
process.exit(faults > 0 || most > limit ? 1 : 0);
