import { describe, expect, test } from 'vitest';
import { failuresOf, PAIR, play } from './run.test-helper.ts';

/** The vacuous faults of a timeline of a master and its replica, as `line: reason`. */
function vacuous(...entries: string[]): string[] {
  const timeline = entries.map((entry) => `  - { ${entry} }\n`).join('');
  return play(`${PAIR}timeline:\n${timeline}`).result.failures.map(({ kind, line, message }) => {
    expect(kind).toBe('vacuous');
    return `${line - FIRST_LINE}: ${/: ([^:]*); say/.exec(message)![1]}`;
  });
}

/** The line before the timeline's first entry. */
const FIRST_LINE = 7;

describe('a fault that touched nothing fails the run', () => {
  test.each([
    [
      'a partition that no packet met',
      ['at: 3s, partition: A <-> B', 'at: 3000001us, heal: A <-> B'],
      ['1: no packet met it'],
    ],
    [
      'a link that no packet met',
      ['at: 3s, kill: B', 'at: 4s, link: A -> B, set: { latency: 3ms }'],
      ['2: no packet met it'],
    ],
    [
      'a reset without a connection',
      ['at: 3s, kill: B', 'at: 4s, reset: A <-> B'],
      ['2: no connection was open'],
    ],
    [
      'a freeze in which only timers came due',
      ['at: 2s, kill: B', 'at: 3s, freeze: A', 'at: 4s, thaw: A'],
      ["2: the node was down, or nothing but the node's own timers came due"],
    ],
    ['a bgsave: fail with no save tried', ['at: 3s, bgsave: A, set: fail'], ['1: no save was tried']],
    [
      'a kill of a node that is down',
      ['at: 3s, kill: B', 'at: 4s, kill: B'],
      ['2: the node was down already'],
    ],
    [
      'a poweroff of a node that is down',
      ['at: 3s, kill: B', 'at: 4s, poweroff: B'],
      ['2: the node was down already'],
    ],
    ['a start of a node that is up', ['at: 3s, start: B'], ['1: the node was up already']],
    ['a thaw with nothing to undo', ['at: 3s, thaw: B'], ['1: the node was not frozen']],
    [
      'a heal with nothing to undo',
      ['at: 3s, heal: all', 'at: 4s, heal: A -> B'],
      ['1: there was nothing to heal', '2: there was nothing to heal'],
    ],
  ])('%s', (_, entries, expected) => {
    expect(vacuous(...entries)).toEqual(expected);
  });
});

test.each([
  [
    'a partition that only lost what was on its way',
    ['at: 3s, on: A, run: SET k v', 'at: 3000001us, partition: A <-> B', 'at: 3000002us, heal: A <-> B'],
  ],
  ['a partition that packets met', ['at: 3s, partition: A <-> B', 'at: 6s, heal: A <-> B']],
  ['a partition of one direction that lasts to the end', ['at: 3s, partition: B -> A']],
  ['a link that packets met', ['at: 3s, link: A <-> B, set: { latency: 3ms }']],
  ['a reset of an open connection', ['at: 3s, reset: A <-> B']],
  ['a freeze that held something back', ['at: 3s, freeze: A', 'at: 8s, thaw: A']],
  ['a bgsave: fail with a save tried', ['at: 3s, bgsave: A, set: fail', 'at: 4s, on: A, run: BGSAVE']],
  ['a kill of a frozen node', ['at: 3s, freeze: A', 'at: 6s, kill: A', 'at: 7s, start: A']],
  ['a wipe', ['at: 3s, wipe: A']],
])('%s touched something', (_, entries) => {
  expect(vacuous(...entries)).toEqual([]);
});

test('idle: ok lets a fault touch nothing', () => {
  expect(vacuous('at: 3s, start: B, idle: ok')).toEqual([]);
});

test('a repeated fault is judged each time, and told once', () => {
  const body = `timeline:\n  - { at: 3s, repeat: { times: 3, every: 1s, do: [ { after: 0s, kill: B } ] } }\n`;
  expect(failuresOf(play(PAIR + body).result)).toEqual([
    expect.stringMatching(/^vacuous 8: the fault on line 8 touched nothing \(2 of 3 times\): kill B at 4s/),
  ]);
});

test('what a pick draws depends on the seed alone', () => {
  const body = `timeline:\n  - { at: 3s, kill: { pick: [A, B] } }\n`;
  const killed = Array.from({ length: 12 }, (_, seed) => {
    const { nodes } = play(PAIR + body, { seed: String(seed) }).result;
    return Object.keys(nodes)
      .filter((name) => nodes[name]!.state === 'down')
      .join();
  });
  expect(new Set(killed)).toEqual(new Set(['A', 'B']));
  expect(play(PAIR + body, { seed: '3' }).result.nodes[killed[3]!]!.state).toBe('down');
  // A remark moves every line below it, and changes no run.
  for (const seed of ['3', '4', '5', '6']) {
    const remarked = play(`# a remark\n${PAIR}${body}`, { seed }).result;
    expect(remarked.trace_hash).toBe(play(PAIR + body, { seed }).result.trace_hash);
  }
});
