import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadScenarioFile } from '../../scenario/load.ts';
import { runScenario } from '../run.ts';

const LESSONS = new URL('../../../scenarios/', import.meta.url);

/** Each invariant between servers, and rules of the protocol without which it does not hold: mutant, lesson, what is told. */
const SHOWN: readonly (readonly [invariant: string, mutant: string, lesson: string, wrong: RegExp])[] = [
  [
    'one-history',
    'no-select-after-promotion',
    '06-failover/a-promoted-node-says-select-again.yaml',
    /data differ$/,
  ],
  ['one-history', 'keep-id-on-ttl', '03-backlog/freed-after-its-ttl-with-a-new-id.yaml', /data differ$/],
  [
    'one-history',
    'no-upper-bound',
    '03-backlog/replica-moves-to-a-sibling-that-lags.yaml',
    /holds it only up to 50$/,
  ],
  [
    'continuity',
    'attach-without-buffer',
    '01-first-sync/second-replica-attaches-to-the-running-bgsave.yaml',
    /where others have other bytes$/,
  ],
  [
    'continuity',
    'attach-current-offset',
    '01-first-sync/second-replica-attaches-to-the-running-bgsave.yaml',
    /where others have other bytes$/,
  ],
  [
    'continuity',
    'no-disconnect-on-new-id',
    '06-failover/a-new-id-travels-down-the-tree.yaml',
    /D at .* it follows C under the name A#2, which calls its history B#2$/,
  ],
  [
    'continuity',
    'no-upper-bound',
    '03-backlog/replica-moves-to-a-sibling-that-lags.yaml',
    /ahead of its master B, at 77$/,
  ],
  [
    'the-fence',
    'ignore-second-offset',
    '06-failover/old-master-is-ahead.yaml',
    /A is served A#2 from 321 on, and it left it at 50$/,
  ],
];

test.each(SHOWN)('%s is broken by %s in %s', (invariant, mutant, lesson, wrong) => {
  const loaded = loadScenarioFile(readFileSync(new URL(lesson, LESSONS), 'utf8'), lesson);
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const messages = loaded.scenarios
    .filter(({ profile }) => profile === 'redis-5.0')
    .flatMap((scenario) => runScenario({ ...scenario, mutants: [mutant] }).result.failures)
    .filter(({ kind }) => kind === 'invariant')
    .map(({ message }) => message);
  const told = messages.filter((message) => message.startsWith(`${invariant} does not hold`));
  expect(told).toContainEqual(expect.stringMatching(wrong));
});
