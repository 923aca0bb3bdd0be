import { expect, test } from 'vitest';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runScenario } from './run.ts';
import { suggestExpectations } from './suggest.ts';

const STORY = `
name: a link breaks
duration: 8s
nodes:
  A: { config: { repl-ping-replica-period: 3600 } }
  B: { replicaof: A }
timeline:
  - { at: 2s, reset: A <-> B }
`;

function load(text: string): Scenario {
  const loaded = loadScenarioFile(text, 'story.yaml', {});
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return loaded.scenarios[0]!;
}

function suggest(text: string): string {
  const scenario = load(text);
  return suggestExpectations(runScenario(scenario).result, scenario);
}

test('a suggestion says over itself that each line must be checked', () => {
  expect(suggest(STORY).split('\n')[0]).toBe('# check each line: this is what it did, not what it must do');
});

test('a suggestion names the decisions of every link and holds when pasted under the scenario', () => {
  const block = suggest(STORY);
  expect(block).toContain('- { psync: B -> A, is: [full/forced, partial/replid] }');
  expect(runScenario(load(STORY + block)).result.failures).toEqual([]);
});

test('with two masters at the end a suggestion says nothing of lost writes, which would be a wrong scenario', () => {
  const split = `${STORY}  - { at: 5s, on: B, run: REPLICAOF NO ONE }\n`;
  const block = suggest(split);
  expect(block).not.toContain('lost_writes');
  expect(runScenario(load(split + block)).result.failures).toEqual([]);
});
