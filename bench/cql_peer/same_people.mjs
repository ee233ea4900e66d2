// The same synthetic residents three times, on one processor, in one run: their snapshot, their FHIR files with our
// engine, their FHIR files with the peer. Are the answers the same for each of them, and how much faster is ours?
// Times are processor seconds, the system's work included. Exits 1 when an answer differs.
// node same_people.mjs PEER WORKSPACE BENCH_CQL [MEASURE...]
//   PEER       a copy of this folder with its packages installed (npm ci --ignore-scripts)
//   WORKSPACE  with a published snapshot of synthetic residents, few enough for the peer's memory
//   BENCH_CQL  the program of bench/cql.cpp
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { libraries, line, of, run, runPeer } from './measured.mjs';

const [peer, workspace, bench, ...named] = process.argv.slice(2);
if (!bench) throw new Error('node same_people.mjs PEER WORKSPACE BENCH_CQL [MEASURE...]');
const day = '2026-03-31';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cql-same-'));
const data = path.join(folder, 'people');
execFileSync(bench, ['people', workspace, data]);
for (const file of fs.readdirSync(data)) execFileSync('gzip', ['-1', path.join(data, file)]);

/** The persons whose lines differ. */
function different(a, b) {
  const rows = (file) => new Map(fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((row) => [row.slice(0, row.indexOf(',')), row]));
  const one = rows(a), other = rows(b);
  return [...new Set([...one.keys(), ...other.keys()])].filter((id) => one.get(id) !== other.get(id));
}

let same = true;
for (const main of named.length > 0 ? named : ['Obesity', 'Cardiometabolic']) {
  const out = (who) => path.join(folder, `${main}-${who}.csv`);
  const theirs = runPeer(peer, data, main, out('peer'), day);
  // Exactly the files that the peer read.
  const files = path.join(folder, main);
  fs.mkdirSync(files);
  for (const type of theirs.types) fs.symlinkSync(path.join(data, `${type}.ndjson.gz`), path.join(files, `${type}.ndjson.gz`));
  const filed = Array.from({ length: 5 }, () => run(bench, 'fhir', libraries, main, files, out('files'), day));
  const kept = Array.from({ length: 3 }, () => run(bench, 'same', libraries, main, workspace, out('snapshot')));
  const patients = theirs.patients;
  console.log(`${main}: ${patients} patients, ${filed[0].definitions} definitions, ${theirs.types.length} resource types`);
  for (const [who, what] of [['files', 'our answers over the files'], ['snapshot', 'our answers over the snapshot']]) {
    const others = different(out(who), out('peer'));
    same &&= others.length === 0;
    console.log(`  ${what}: ${others.length === 0 ? 'the same as the peer\'s for each' : `DIFFER from the peer's for ${others.length}, the first ${others[0]}`}`);
  }
  const peerAll = theirs.reading.cpu + theirs.evaluating.cpu;
  line('files: evaluating', of(filed, (o) => o.evaluating), theirs.evaluating.cpu, patients);
  line('files: reading and evaluating', of(filed, (o) => o.planning + o.reading + o.evaluating), peerAll, patients);
  line('snapshot: against peer\'s both', of(kept, (o) => o.answering), peerAll, patients);
  line('snapshot: against its evaluating', of(kept, (o) => o.answering), theirs.evaluating.cpu, patients);
  line('snapshot opened anew: against both', of(kept, (o) => o.opening + o.answering), peerAll, patients);
  console.log(`  of the snapshot ${kept[0].rows} rows were read and ${kept[0].evaluated} persons evaluated; peer reading ${theirs.reading.cpu.toFixed(2)} s, evaluating ${theirs.evaluating.cpu.toFixed(2)} s`);
}
if (same) fs.rmSync(folder, { recursive: true });
else console.log(`the files stay in ${folder}`);
process.exit(same ? 0 : 1);
