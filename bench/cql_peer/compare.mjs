// Both engines over the same FHIR files, on one processor, in one run: are the answers the same, and how much faster?
// And over a snapshot, of other people. Times are processor seconds, the system's work included.
// node compare.mjs PEER DATA BENCH_CQL [WORKSPACE [MEASURE...]]
//   PEER       a copy of this folder with its packages installed (npm ci --ignore-scripts)
//   DATA       gzipped NDJSON, a file a resource type
//   BENCH_CQL  the program of bench/cql.cpp
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [peer, data, bench, workspace, ...named] = process.argv.slice(2);
if (!bench) throw new Error('node compare.mjs PEER DATA BENCH_CQL [WORKSPACE [MEASURE...]]');
const root = path.resolve(import.meta.dirname, '../..');
const libraries = path.join(root, 'bench/cql');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cql-compare-'));

/** Runs on one processor; the JSON of the last line printed, with the processor seconds of the whole process. */
function run(...command) {
  const done = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time taskset -c 0 "$@"', 'bash', ...command], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`${command.join(' ')}\n${done.stdout}${done.stderr}`);
  const [user, system] = done.stderr.trim().split('\n').pop().split(' ').map(Number);
  return { ...JSON.parse(done.stdout.trim().split('\n').pop()), process: user + system };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const of = (runs, value) => median(runs.map(value));
const line = (what, ours, theirs, patients) => console.log(`  ${what.padEnd(22)} ${(patients / ours).toFixed(0).padStart(9)} a second (${ours.toFixed(4)} s), peer ${(patients / theirs).toFixed(1).padStart(6)} (${theirs.toFixed(2)} s): ${(theirs / ours).toFixed(0)} times`);

let same = true;
for (const main of named.length > 0 ? named : ['Obesity', 'Cardiometabolic']) {
  const theirs = run(process.execPath, path.join(peer, 'peer.mjs'), data, libraries, main, path.join(root, 'deps/cql/fhir-modelinfo-4.0.1.xml'), path.join(peer, 'FHIRHelpers.cql'), path.join(folder, 'peer.csv'));
  // Exactly the files that the peer read.
  const files = path.join(folder, main);
  fs.mkdirSync(files);
  for (const type of theirs.types) fs.symlinkSync(path.resolve(data, `${type}.ndjson.gz`), path.join(files, `${type}.ndjson.gz`));
  const ours = Array.from({ length: 5 }, () => run(bench, 'fhir', libraries, main, files, path.join(folder, 'ours.csv')));
  const alike = fs.readFileSync(path.join(folder, 'ours.csv')).equals(fs.readFileSync(path.join(folder, 'peer.csv')));
  const walked = run(bench, 'check', libraries, main, files);
  same &&= alike && walked.different === 0;
  console.log(`${main}: ${theirs.patients} patients, ${ours[0].definitions} definitions, ${theirs.types.length} resource types; answers ${alike ? 'the same, byte for byte' : 'DIFFER'}; ${walked.different} differ from the tree walk over every resource`);
  line('evaluating', of(ours, (o) => o.evaluating), theirs.evaluating.cpu, theirs.patients);
  line('reading and evaluating', of(ours, (o) => o.planning + o.reading + o.evaluating), theirs.reading.cpu + theirs.evaluating.cpu, theirs.patients);
  line('whole process', of(ours, (o) => o.process), theirs.process, theirs.patients);
  if (!workspace) continue;
  const snapshot = run(bench, 'snapshot', libraries, main, workspace, '1');
  const rate = snapshot.persons / snapshot.processor;
  console.log(`  from a snapshot of ${snapshot.persons} other persons, ${snapshot.evaluated} of them with rows to evaluate: ${rate.toFixed(0)} a second (${snapshot.processor.toFixed(3)} s, reading included), ${(rate * (theirs.reading.cpu + theirs.evaluating.cpu) / theirs.patients).toFixed(0)} times the peer with reading, ${(rate * theirs.evaluating.cpu / theirs.patients).toFixed(0)} times without; of the evaluated alone ${((snapshot.evaluated / snapshot.processor) * theirs.evaluating.cpu / theirs.patients).toFixed(0)} times`);
}
fs.rmSync(folder, { recursive: true });
process.exit(same ? 0 : 1);
