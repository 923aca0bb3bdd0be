// A thread of `npm run museum`: searches for one broken rule at a time.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { huntedScenario } from '../dist/src/museum/lesson.js';
import { STARTS, seedsNeeded } from '../dist/src/museum/search.js';

const root = new URL('../', import.meta.url);

parentPort.on('message', (exhibit) => {
  const scenario = huntedScenario(exhibit, (path) => readFileSync(new URL(path, root), 'utf8'));
  parentPort.postMessage(STARTS.map((first) => seedsNeeded(scenario, exhibit.invariant, first)));
});
