import { parse } from 'yaml';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Exhibit, huntOf, lessonOf } from './exhibit.ts';

type ReadFile = (path: string) => string;

/** What a file says about itself, key by key with what is indented below. */
const ABOUT = /^(name|about|tags|confirmed):.*\n(?:(?: .*)?\n)*/gm;

/** The scenario that finds an exhibit: its hunt, with the rule broken. Paths count from the project's directory. */
export function huntedScenario(exhibit: Exhibit, readFile: ReadFile): Scenario {
  const path = huntOf(exhibit);
  const loaded = loadScenarioFile(readFile(path), path, { mutants: [exhibit.mutant] });
  const scenario = loaded.ok
    ? loaded.scenarios.find(({ profile }) => profile === exhibit.profile)
    : undefined;
  if (scenario === undefined) throw new Error(`${path} has no case for ${exhibit.profile}`);
  return scenario;
}

/** The cases of a lesson: the rule broken, then the rule. */
export function lessonScenarios(exhibit: Exhibit, readFile: ReadFile): readonly Scenario[] {
  const path = lessonOf(exhibit);
  const loaded = loadScenarioFile(readFile(path), path);
  if (!loaded.ok) throw new Error(`${path} is wrong`);
  return loaded.scenarios;
}

/** How long a lesson is. */
export function measureLesson(exhibit: Exhibit, readFile: ReadFile): { entries: number; lines: number } {
  const text = readFile(lessonOf(exhibit));
  const { timeline } = parse(text) as { timeline?: readonly unknown[] };
  const lines = text.replace(ABOUT, '').split('\n');
  return { entries: timeline?.length ?? 0, lines: lines.filter((line) => line.trim() !== '').length };
}
