import { expect, test } from 'vitest';
import { PAIR, play } from './run.test-helper.ts';

function storyOf(body: string): string[] {
  return play(body, { story: true }).story.map(({ node, text }) => `${node}: ${text}`);
}

test('attempts that end as the one before are counted on its line', () => {
  const story = storyOf(`${PAIR}
timeline:
  - { at: 3s, kill: A }
  - { at: 12500ms, start: A }
`);
  const refused = story.filter((line) => line.includes('ended: refused'));
  expect(refused).toEqual([
    expect.stringMatching(/^B: attempt to reach A ended: refused \(and 8 times more until 1[12]\.\d+s\)$/),
  ]);
});

test('log lines and links name nodes, not addresses', () => {
  const story = storyOf(`
duration: 30s
nodes:
  A: { config: { repl-timeout: 5 } }
  B: { replicaof: A, config: { repl-timeout: 5 } }
timeline:
  - { at: 3s, partition: A <-> B }
`);
  expect(story).toContain('B: starts as a replica of A');
  expect(story).toContain('A: Disconnecting timedout replica: B');
  expect(story.filter((line) => line.startsWith('B: link to A is '))).toHaveLength(2);
  expect(story.join('\n')).not.toMatch(/\d+\.\d+\.\d+\.\d+:/);
});

test('a backlog that holds nothing is empty, and other ids are named where they decide', () => {
  const story = storyOf(`
duration: 10s
nodes:
  A: {}
  B: { replicaof: A }
  C: {}
timeline:
  - { at: 3s, on: C, run: REPLICAOF A }
`);
  expect(story).toContain('A: B asks PSYNC ? -1: full/forced (no backlog)');
  expect(story.find((line) => line.includes('C asks'))).toMatch(
    /^A: C asks PSYNC C#1 1: full\/replid-mismatch \(backlog empty, next is 1; its replid is A#2, no replid2\)$/,
  );
});
