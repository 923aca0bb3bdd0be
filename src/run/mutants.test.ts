import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MUTANTS } from '../../sim/mutants/index.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runScenario } from './run.ts';

const LESSONS = new URL('../../scenarios/', import.meta.url);

/** For each mutant a lesson that shows it, and what of it breaks there. */
const SHOWN: Readonly<Record<string, readonly [lesson: string, broken: RegExp]>> = {
  'no-replid2': [
    '06-failover/promoted-replica-serves-its-siblings.yaml',
    /^expected psync C -> B .*partial\/replid2\], was \[full\/replid-mismatch\]$/,
  ],
  'ignore-second-offset': [
    '06-failover/old-master-is-ahead.yaml',
    /^one-history does not hold on B .*: A goes on from A#2:\d+, and B holds it only up to \d+$/,
  ],
  'second-offset-off-by-one': [
    '06-failover/promoted-replica-serves-its-siblings.yaml',
    /^expected psync C -> B .*partial\/replid2\], was \[full\/replid2-offset\]$/,
  ],
  'keep-id-on-ttl': [
    '03-backlog/replica-returns-after-the-ttl.yaml',
    /^expected psync B -> A \[full\/forced, full\/replid-mismatch\], was \[full\/forced, full\/no-backlog\]$/,
  ],
  'attach-without-buffer': [
    '01-first-sync/second-replica-attaches-to-the-running-bgsave.yaml',
    /^expected C slave_repl_offset == 100 at the end, was 50$/,
  ],
  'attach-current-offset': [
    '03-backlog/a-herd-of-replicas-comes-back.yaml',
    /^one-history does not hold on R\d .*and their data differ$/,
  ],
  'no-select-after-fullsync': [
    '01-first-sync/select-is-sent-again-after-a-full-sync.yaml',
    /^expected A master_repl_offset == 154 at 8s, was 131$/,
  ],
  'no-select-after-promotion': [
    '06-failover/a-promoted-node-says-select-again.yaml',
    /^expected B master_repl_offset == 158 at the end, was 135$/,
  ],
  'no-upper-bound': [
    '03-backlog/replica-moves-to-a-sibling-that-lags.yaml',
    /^expected psync C -> B \[full\/offset-ahead\], was \[partial\/replid\]$/,
  ],
  'no-disconnect-on-new-id': [
    '06-failover/a-new-id-travels-down-the-tree.yaml',
    /^expected psync D -> C \[full\/replid-mismatch, partial\/replid2\], was \[full\/replid-mismatch\]$/,
  ],
};

function cases(lesson: string): readonly Scenario[] {
  const loaded = loadScenarioFile(readFileSync(new URL(lesson, LESSONS), 'utf8'), lesson);
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return loaded.scenarios.filter(({ profile }) => profile === 'redis-5.0');
}

test('every mutant is shown by a lesson', () => {
  expect(Object.keys(SHOWN).sort()).toEqual(MUTANTS.map(({ name }) => name).sort());
});

describe.each(Object.entries(SHOWN))('%s', (name, [lesson, broken]) => {
  test(`breaks ${lesson}, which holds without it`, () => {
    const scenarios = cases(lesson);
    const messages = scenarios.flatMap((scenario) =>
      runScenario({ ...scenario, mutants: [name] }).result.failures.map(({ message }) => message),
    );
    expect(messages).toContainEqual(expect.stringMatching(broken));
    for (const scenario of scenarios) expect(runScenario(scenario).result.failures).toEqual([]);
  });
});

test('a mutant named in the file, or by an option, is in every node', () => {
  const text = (mutants: string): string => `name: x
duration: 20s
nodes: { A: {}, B: { replicaof: A }, C: { replicaof: A } }
${mutants}timeline:
  - { at: 3s, on: A, run: SET k v }
  - { at: 5s, on: B, run: REPLICAOF NO ONE }
  - { at: 6s, on: C, run: REPLICAOF B }
expect: [{ psync: C -> B, is: [full/replid-mismatch] }]
`;
  const play = (yaml: string, mutants: readonly string[] = []): readonly string[] => {
    const loaded = loadScenarioFile(yaml, 'x.yaml', { mutants });
    if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
    return runScenario(loaded.scenarios[0]!).result.failures.map(({ message }) => message);
  };
  expect(play(text(''))).toEqual(['expected psync C -> B [full/replid-mismatch], was [partial/replid2]']);
  expect(play(text('mutants: [no-replid2]\n'))).toEqual([]);
  expect(play(text(''), ['no-replid2'])).toEqual([]);
});
