// Compares the trace hashes of some scenarios with those kept in fixtures/golden-hashes.json: the same file, seed
// and profile must give the same hash in every process and on every version of Node, with and without recording.
// `--write` keeps the hashes of the program as it is built now.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { runScenario } from '../dist/src/run/run.js';
import { loadScenarioFile } from '../dist/src/scenario/index.js';

const root = new URL('..', import.meta.url);
const kept = new URL('fixtures/golden-hashes.json', root);
const SEEDS = ['1', '2', 'a seed in words'];

const files = [
  ...readdirSync(new URL('fixtures/truth/', root))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => `fixtures/truth/${name}`),
  'bench/failover.yaml',
];

function hash(file, seed, record) {
  const loaded = loadScenarioFile(readFileSync(new URL(file, root), 'utf8'), file, {});
  if (!loaded.ok) throw new Error(`${file}: ${loaded.problems[0].message}`);
  return runScenario(loaded.scenarios[0], { seed, record }).result.trace_hash;
}

const now = {};
for (const file of files) {
  now[file] = {};
  for (const seed of SEEDS) now[file][seed] = hash(file, seed, false);
}

if (process.argv.includes('--write')) {
  writeFileSync(kept, `${JSON.stringify(now, null, 2)}\n`);
  console.log(`golden: ${files.length * SEEDS.length} hashes written`);
} else {
  const golden = JSON.parse(readFileSync(kept, 'utf8'));
  let wrong = 0;
  for (const file of files) {
    for (const seed of SEEDS) {
      const expected = golden[file]?.[seed];
      if (now[file][seed] === expected) continue;
      wrong++;
      console.error(`golden: ${file}, seed ${seed}: ${now[file][seed]} instead of ${expected}`);
    }
    const recorded = hash(file, SEEDS[0], true);
    if (recorded === now[file][SEEDS[0]]) continue;
    wrong++;
    console.error(`golden: ${file}: recording changes the hash to ${recorded}`);
  }
  console.log(`golden: ${files.length * SEEDS.length} hashes on Node ${process.version}, ${wrong} wrong`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
