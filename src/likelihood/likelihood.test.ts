import { describe, expect, test } from 'vitest';
import { drawFaults } from '../nemesis/draw.ts';
import { scenarioOf } from '../run/run.test-helper.ts';
import { runScenario } from '../run/run.ts';
import { createPalette } from '../terminal/colour.ts';
import { playFuture } from './future.ts';
import { likelihoodOf, shareOf } from './likelihood.ts';
import { tellLikelihood } from './text.ts';

/** The last write, sent 5 ms before the cut, takes 1 to 9 ms: in some futures it is lost, and nothing else decides. */
const STORM = scenarioOf(`name: storm
duration: 12s
nodes: { A: {}, B: { replicaof: A } }
links: { default: { latency: 1ms, jitter: 8ms } }
clients: { app: { to: A } }
workload: [{ as: app, every: 5ms, from: 4s, until: 5s, run: "SET k {n}" }]
timeline:
  - { at: 5s, partition: A <-> B }
  - { at: 5s, kill: A }
  - { at: 6s, on: B, run: REPLICAOF NO ONE }
expect: [{ lost_writes: 0 }]
`);
const OPTIONS = { futures: 30, moments: 12, isTimeUp: () => false };

const failingSeed = (): string => {
  for (let seed = 1; ; seed++) if (!runScenario(STORM, { seed: String(seed) }).result.ok) return String(seed);
};

describe('a future', () => {
  const hunted = scenarioOf(`name: hunted
duration: 40s
nodes: { A: {}, B: { replicaof: A }, C: { replicaof: A } }
links: { default: { jitter: 2ms } }
nemesis: {}
`);
  const at = 15_000_000;

  test('that begins with the end is the run itself', () => {
    const whole = runScenario(hunted, { seed: '3' }).result;
    const future = playFuture(hunted, '3', { at: 40_000_000, seed: 'x' }).result;
    expect(future.trace_hash).toBe(whole.trace_hash);
  });

  test('is the run up to its beginning, and one of many from there on', () => {
    const whole = runScenario(hunted, { seed: '3' }).result;
    const futures = ['x', 'y'].map((seed) => playFuture(hunted, '3', { at, seed }).result);
    const soFar = (result: typeof whole) => result.decisions.filter(({ at_ms }) => at_ms <= at / 1000);
    for (const future of futures) expect(soFar(future)).toEqual(soFar(whole));
    const hashes = new Set([whole, ...futures].map(({ trace_hash }) => trace_hash));
    expect(hashes.size).toBe(3);
  });

  test('has the faults that began before it, and others behind it', () => {
    const began = (entries: ReturnType<typeof drawFaults>) =>
      entries.filter((entry) => Number.parseInt(String(entry.at), 10) < at / 1000);
    const whole = drawFaults(hunted, '3');
    const future = drawFaults(hunted, '3', { at, seed: 'x' });
    expect(began(whole).length).toBeGreaterThan(0);
    expect(began(future)).toEqual(began(whole));
    expect(future).not.toEqual(whole);
  });
});

describe('the likelihood of a failure', () => {
  const curve = likelihoodOf(STORM, failingSeed(), OPTIONS)!;

  test('is that of any run at first, and certainty once it has happened', () => {
    const shares = curve.points.map(shareOf);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares[0]).toBeLessThan(1);
    expect(shares.at(-1)).toBe(1);
  });

  test('became certain where the link was cut', () => {
    expect(curve.open).toBeLessThan(5_000_000);
    expect(curve.points.find(({ at }) => at > curve.open!)?.at).toBe(5_000_000);
  });

  test('is told with what happened where it changed', () => {
    const lines = tellLikelihood(curve, { columns: 80, palette: createPalette(false) });
    expect(lines[0]).toMatch(/^expectation: expected lost_writes of B == 0, was \d+$/);
    expect(lines).toContainEqual(expect.stringMatching(/^ {4,}5\.000 .*partition A <-> B/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {4}5\.000 {2}█{24} 100 % {2}\(30 of 30\)$/));
    expect(lines.join(' ')).toMatch(
      /It became certain between .* and 5s: from there on every future failed\./,
    );
  });

  test('is told as far as it is known where the time is up', () => {
    let looks = 0;
    const short = likelihoodOf(STORM, failingSeed(), { ...OPTIONS, isTimeUp: () => ++looks > 40 })!;
    expect(short.points.map(({ futures }) => futures).reduce((a, b) => a + b)).toBeLessThanOrEqual(40);
  });

  test('of a run that does not fail is none', () => {
    const held = scenarioOf('name: x\nduration: 1s\nnodes: { A: {} }\n');
    expect(likelihoodOf(held, '1', OPTIONS)).toBeNull();
  });
});
