// What both comparisons need: a command measured on one processor, medians, a line of figures.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const libraries = path.join(root, 'bench/cql');

/** Runs on one processor; the JSON of the last line printed, with the processor seconds of the whole process. */
export function run(...command) {
  const done = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time taskset -c 0 "$@"', 'bash', ...command], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`${command.join(' ')}\n${done.stdout}${done.stderr}`);
  const [user, system] = done.stderr.trim().split('\n').pop().split(' ').map(Number);
  return { ...JSON.parse(done.stdout.trim().split('\n').pop()), process: user + system };
}

/** Runs the peer over gzipped NDJSON; its answers are written to `out`. */
export const runPeer = (peer, data, main, out, ...day) => run(process.execPath, '--max-old-space-size=8192', path.join(peer, 'peer.mjs'), data, libraries, main,
  path.join(root, 'deps/cql/fhir-modelinfo-4.0.1.xml'), path.join(peer, 'FHIRHelpers.cql'), out, ...day);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const of = (runs, value) => median(runs.map(value));
export const line = (what, ours, theirs, patients) => console.log(`  ${what.padEnd(34)} ${(patients / ours).toFixed(0).padStart(9)} a second (${ours.toFixed(4)} s), peer ${(patients / theirs).toFixed(1).padStart(6)} (${theirs.toFixed(2)} s): ${(theirs / ours).toFixed(0)} times`);
