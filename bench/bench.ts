import { readFileSync } from 'node:fs';
import { runScenario } from '../src/run/run.ts';
import { loadScenarioFile } from '../src/scenario/load.ts';
import type { Scenario } from '../src/scenario/scenario.ts';

/**
 * Prints how fast the simulator is on this machine: events a second for a five-node cluster under traffic, and
 * how long two virtual minutes with a failover take. Each figure is the median of its runs, after a warm-up.
 */

const RUNS = 5;

function load(name: string): Scenario {
  const loaded = loadScenarioFile(readFileSync(`bench/${name}`, 'utf8'), name, {});
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join('\n'));
  return loaded.scenarios[0]!;
}

interface Figures {
  readonly seconds: number;
  readonly events: number;
}

function once(scenario: Scenario, seed: string): Figures {
  const begin = process.hrtime.bigint();
  const { result } = runScenario(scenario, { seed, maxEvents: 100_000_000, story: false });
  if (!result.ok) throw new Error(`${scenario.name}: ${result.failures[0]!.message}`);
  return { seconds: Number(process.hrtime.bigint() - begin) / 1e9, events: result.events };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function bench(name: string): void {
  const scenario = load(name);
  once(scenario, 'warm-up');
  const runs = Array.from({ length: RUNS }, (_, i) => once(scenario, String(i + 1)));
  const seconds = median(runs.map((run) => run.seconds));
  const rate = median(runs.map((run) => run.events / run.seconds));
  const virtual = scenario.duration / 1e6;
  process.stdout.write(
    `${scenario.name}\n` +
      `  ${Math.round(rate).toLocaleString('en-US')} events/s, ${runs[0]!.events.toLocaleString('en-US')} events ` +
      `in ${seconds.toFixed(3)} s, ${Math.round(virtual / seconds).toLocaleString('en-US')} virtual seconds a second\n`,
  );
}

bench('traffic.yaml');
bench('failover.yaml');
