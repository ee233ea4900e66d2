// What one Measure page asks of the server, measure by measure: first as nothing has been asked yet, then again.
// Usage: node bench/measure_page.mjs http://127.0.0.1:PORT [ROLE]   a server just started with `catchment serve --demo`
// Checks every answer (the measure asked for, its latest month the figure shown, areas on the map) and that the two questions a
// page asks, one after the other, took under 300 ms. The comparison of two months, which the page asks for on request, is timed
// by itself for a few measures. Prints the median, the slowest and its measure.
const [address, role = "analyst"] = process.argv.slice(2);
if (address === undefined) {
  console.log("usage: measure_page.mjs ADDRESS [ROLE]");
  process.exit(2);
}
const limit = 300;

async function answer(path, options = {}) {
  const response = await fetch(`${address}/api/v1${path}`, options);
  const body = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return { body: JSON.parse(body), bytes: body.length, cookie: response.headers.get("set-cookie")?.split(";")[0] };
}

const offered = (await answer("/session")).body.demonstration_sign_ins.find((one) => one.role === role);
if (offered === undefined) throw new Error(`no demonstration sign-in for the role ${role}`);
const { cookie } = await answer("/session", {
  method: "POST", headers: { "content-type": "application/json", origin: address }, body: JSON.stringify({ name: offered.name, password: offered.password }),
});
const headers = { cookie };

const library = (await answer("/measures", { headers })).body;
if (!library.library || library.measures.length === 0) throw new Error("no measures have been worked out");

function check(id, [detail, areas]) {
  const wrong = [];
  if (detail.id !== id) wrong.push("another measure");
  if ((detail.trend?.points.length ?? 0) === 0) wrong.push("no months");
  const last = detail.trend?.points.at(-1);
  if (last !== undefined && last.value !== null && last.value !== detail.figure.value) wrong.push("the last month is not the figure");
  if (areas.cells.length === 0) wrong.push("no areas");
  return wrong;
}

let faults = 0, most = 0;
for (const round of ["first", "again"]) {
  const took = [], parts = [[], []], bytes = [];
  for (const { id } of library.measures) {
    const asked = [`/measures/${id}`, `/population/areas?measure=${id}`];
    const answers = [];
    const start = performance.now();
    for (const [i, path] of asked.entries()) {
      const before = performance.now();
      answers.push(await answer(path, { headers }));
      parts[i].push(performance.now() - before);
    }
    took.push([performance.now() - start, id]);
    bytes.push(answers.reduce((sum, one) => sum + one.bytes, 0));
    for (const wrong of check(id, answers.map((one) => one.body))) {
      faults += 1;
      console.log(`${id}: ${wrong}`);
    }
  }
  took.sort((a, b) => a[0] - b[0]);
  const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)].toFixed(1);
  const slowest = took.at(-1);
  most = Math.max(most, slowest[0]);
  console.log(`${round}: ${took.length} pages, median ${took[Math.floor(took.length / 2)][0].toFixed(1)} ms, slowest ${slowest[0].toFixed(1)} ms (${slowest[1]}), `
    + `median of the measure ${middle(parts[0])}, the areas ${middle(parts[1])} ms; ${middle(bytes.map((n) => n / 1000))} kB`);
}
for (const { id } of library.measures.slice(0, 5)) {
  const before = performance.now();
  const { available, sentence } = (await answer(`/measures/${id}/change`, { headers })).body;
  console.log(`change of ${id}: ${(performance.now() - before).toFixed(0)} ms${available ? "" : `, ${sentence}`}`);
}
if (most > limit) console.log(`slower than ${limit} ms`);
process.exit(faults > 0 || most > limit ? 1 : 0);
