import { expect, test } from 'vitest';
import { runScenario } from '../run/run.ts';
import { formatProblem, loadScenarioFile } from '../scenario/index.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { readTemplate } from './init-command.ts';
import { TEMPLATES } from './options.ts';

function load(name: string, set: readonly string[] = []): readonly Scenario[] {
  const loaded = loadScenarioFile(readTemplate(name), `${name}.yaml`, { set });
  return loaded.ok ? loaded.scenarios : expect.fail(loaded.problems.map(formatProblem).join('\n'));
}

test.each(TEMPLATES)('template %s is valid without a note, and holds with every seed', (name) => {
  for (const scenario of load(name)) {
    expect(scenario.notes).toEqual([]);
    for (const seed of ['1', '2', '3']) {
      const { result } = runScenario(scenario, { seed });
      expect(result.failures, `seed ${seed}`).toEqual([]);
      expect(result.ok).toBe(true);
    }
  }
});

test('what the herd template tells to try: a larger backlog leaves no herd', () => {
  const [scenario] = load('herd', ['A.repl-backlog-size=10mb']);
  const resumed = runScenario(scenario!).result.decisions.filter(({ reason }) => reason === 'replid');
  expect(resumed.length).toBeGreaterThanOrEqual(6);
});
