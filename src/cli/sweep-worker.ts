import { parentPort, workerData } from 'node:worker_threads';
import { loadScenarioFile } from '../scenario/load.ts';
import { playSeed } from '../sweep/outcome.ts';
import type { Chunk } from '../sweep/plan.ts';
import { readBeside } from './files.ts';
import { chooseCases } from './load.ts';
import type { SweepJob } from './sweep-pool.ts';

/* A thread of a sweep. It loads the scenarios itself, since they hold functions, and plays what it is given. */

const { sources, set, profile, mutants, cases, cwd, ...play } = workerData as SweepJob;
const loaded = sources.flatMap(({ file, text }) => {
  const result = loadScenarioFile(text, file, {
    set,
    mutants,
    ...(profile === undefined ? {} : { profile }),
    readFile: (path) => readBeside(path, cwd),
  });
  if (!result.ok) throw new Error(`${file} was right when the sweep began`);
  return result.scenarios;
});
const scenarios = chooseCases(loaded, cases);

parentPort!.on('message', ({ scenario, first, last }: Chunk) => {
  const outcomes = [];
  for (let seed = first; seed <= last; seed++) {
    outcomes.push(playSeed(scenarios[scenario]!, scenario, seed, play));
  }
  parentPort!.postMessage(outcomes);
});
