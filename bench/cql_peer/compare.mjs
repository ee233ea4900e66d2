// Both engines over the same FHIR files, on one processor, in one run: are the answers the same, and how much faster?
// Times are processor seconds, the system's work included.
// node compare.mjs PEER DATA BENCH_CQL [MEASURE...]
//   PEER       a copy of this folder with its packages installed (npm ci --ignore-scripts)
//   DATA       gzipped NDJSON, a file a resource type
//   BENCH_CQL  the program of bench/cql.cpp
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { libraries, line, of, run, runPeer } from './measured.mjs';

const [peer, data, bench, ...named] = process.argv.slice(2);
if (!bench) throw new Error('node compare.mjs PEER DATA BENCH_CQL [MEASURE...]');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cql-compare-'));

let same = true;
for (const main of named.length > 0 ? named : ['Obesity', 'Cardiometabolic']) {
  const theirs = runPeer(peer, data, main, path.join(folder, 'peer.csv'));
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
}
fs.rmSync(folder, { recursive: true });
process.exit(same ? 0 : 1);
