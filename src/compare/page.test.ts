import { expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { recordTrace } from '../trace/record.ts';
import type { Trace } from '../trace/trace.ts';
import { compareTraces } from './comparison.ts';
import { comparisonPage } from './page.ts';

const HOSTILE = `</style></script><script>alert("1")</script><img src=x onerror='alert(2)'>\u0007\u202e`;

/** B is away while A writes more than the smaller of the two backlogs. */
function traceWith(backlog: string, name = 'test'): Trace {
  const text = `name: ${JSON.stringify(name)}
duration: 10s
nodes: { A: { config: { repl-backlog-size: ${backlog} } }, B: { replicaof: A } }
timeline:
  - { at: 2s, partition: A <-> B }
  - { at: 3s, on: A, repeat: { times: 200, run: "SET k {bytes:100}" } }
  - { at: 4s, reset: A <-> B }
  - { at: 5s, heal: A <-> B }
`;
  return recordTrace(scenarioOf(text), '7', { repeat: `npx psynclab run ${name}` });
}

const labels = { left: 'small', right: 'large' };

test('both pictures, the rules side by side, and the rule on which it turns', () => {
  const page = comparisonPage(compareTraces(traceWith('16kb'), traceWith('1mb')), labels);
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(page.match(/class="turns"/g)).toHaveLength(2);
  expect(page).toContain('full/backlog-overwritten on the left, partial/replid on the right.');
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('runs that are the same say so and nothing more', () => {
  const page = comparisonPage(compareTraces(traceWith('16kb'), traceWith('16kb')), labels);
  expect(page).toMatch(/The runs are the same in all of their \d+ steps\./);
  expect(page.match(/<h2>/g)).toHaveLength(1);
});

test('nothing that a scenario says becomes markup', () => {
  const left = traceWith('16kb', HOSTILE);
  const page = comparisonPage(compareTraces(left, traceWith('1mb', HOSTILE)), {
    left: HOSTILE,
    right: HOSTILE,
  });
  expect(page).not.toMatch(/<script|<img/);
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  expect(page).not.toMatch(/[\u0007\u202e]/);
});

test('the page may load nothing and run nothing', () => {
  const page = comparisonPage(compareTraces(traceWith('16kb'), traceWith('1mb')), labels);
  expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'/);
  expect(page).not.toMatch(/\b(src|href)="/);
});
