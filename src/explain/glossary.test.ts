import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DECISION_NAMES } from '../scenario/decisions.ts';
import { ENTRIES, lookUp } from './glossary.ts';

const LESSONS = readdirSync(new URL('../../scenarios/', import.meta.url), {
  recursive: true,
  encoding: 'utf8',
}).map((file) => file.replace(/^.*\//, ''));

test('every decision has an entry of its own', () => {
  for (const name of DECISION_NAMES.filter((one) => one.includes('/')))
    expect(lookUp(name), name).toHaveLength(1);
});

test('every lesson that is named exists', () => {
  for (const { lesson } of ENTRIES) if (lesson !== null) expect(LESSONS).toContain(`${lesson}.yaml`);
});

test('lines of real logs are known, with what stands in them and before them', () => {
  const known: readonly (readonly [string, string])[] = [
    [
      'Unable to partial resync with replica 10.0.0.2:6379 for lack of backlog (Replica request was: 51).',
      'full/backlog-overwritten',
    ],
    [
      "1:M 25 Nov 2026 10:00:00.000 * Partial resynchronization not accepted: Replication ID mismatch (Replica asked for 'a', my replication IDs are 'b' and 'c')",
      'full/replid-mismatch',
    ],
    ['MASTER timeout: no data nor PING received...', 'MASTER timeout: no data nor PING received'],
    [
      "Master is currently unable to PSYNC but should be in the future: -NOMASTERLINK Can't SYNC while not connected with my master",
      'refused/nomasterlink',
    ],
    ['Disconnecting timedout replica (streaming sync): 10.0.0.2:6379', 'Disconnecting timedout replica'],
  ];
  for (const [line, title] of known)
    expect(
      lookUp(line).map((entry) => entry.title),
      line,
    ).toEqual([title]);
});

test('a part of a title finds it, and too little finds nothing', () => {
  expect(lookUp('backlog freed').map(({ title }) => title)).toEqual(['Replication backlog freed']);
  expect(lookUp('a')).toEqual([]);
  expect(lookUp('no such thing')).toEqual([]);
});
