import { expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { runScenario } from '../run/run.ts';
import { judgeTrial, trialOf } from './conform.ts';
import { observationOf } from './observation.ts';

const YAML = `
name: late
duration: 3s
nodes:
  A: {}
workload:
  - { on: A, every: 10ms, from: 1s, until: 2s, run: "SET key:{n} v" }
`;

test('a real run whose workload could not keep up is no proof against the simulation', async () => {
  const trial = trialOf(scenarioOf(YAML), new Set(['redis-5.0']));
  const observation = observationOf(runScenario(trial.scenario).result);
  const [end] = observation.moments;
  const node = end!.nodes.A!;
  if (node.state !== 'up') throw new Error('A is up');
  const less = { ...node, info: { ...node.info, rdb_changes_since_last_save: 97 } };
  const judged = async (skippedTicks: number) => {
    const moments = [{ ...end!, nodes: { A: less } }];
    trial.real = { observation: { ...observation, moments, skippedTicks }, logs: {}, versions: {} };
    const { verdict, reasons } = await judgeTrial(trial, async () => {});
    return { verdict, reasons };
  };
  expect(await judged(0)).toEqual({ verdict: 'fail', reasons: [] });
  expect(await judged(3)).toEqual({
    verdict: 'inconclusive',
    reasons: ['the machine was late: workloads left out 3 commands'],
  });
});
