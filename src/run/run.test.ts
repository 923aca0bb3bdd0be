import { expect, test } from 'vitest';
import { loadScenarioFile } from '../scenario/load.ts';
import { type RunOptions, runScenario, ScenarioRun } from './run.ts';

const SCENARIO = `name: x
duration: 5s
nodes: { A: {}, B: { replicaof: A } }
workload: [{ on: A, every: 100ms, until: 2s, run: "SET key:{n} v" }]
snapshots: [1s, 2s]
expect: [{ converged: [A, B], at: 3s }]
`;

function scenario() {
  const loaded = loadScenarioFile(SCENARIO, 'x.yaml');
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return loaded.scenarios[0]!;
}

/** Plays it in pieces; also says how many there were. */
function inPieces(events: number, options: RunOptions = {}) {
  const run = new ScenarioRun(scenario(), options);
  let pieces = 1;
  while (!run.advance(events)) pieces++;
  return { pieces, result: run.outcome().result };
}

test.each([1, 7, 100])('a run in pieces of %i events is the run in one piece', (events) => {
  const { result } = runScenario(scenario());
  expect(result).toMatchObject({ ok: true, snapshots: [{ at_ms: 1000 }, { at_ms: 2000 }] });
  const parted = inPieces(events);
  expect(parted.result).toEqual(result);
  expect(parted.pieces).toBeGreaterThan(result.events / events - 1);
});

test('its bounds are those of the whole run', () => {
  const { result } = inPieces(7, { maxEvents: 50 });
  expect(result).toMatchObject({ ok: false, events: 50, failures: [{ kind: 'bound' }] });
});
