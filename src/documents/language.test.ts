import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { INVARIANT_NAMES } from '../../sim/invariants/index.ts';
import { OPTION_NAMES } from '../cli/options.ts';
import { runScenario } from '../run/run.ts';
import { DECISION_NAMES } from '../scenario/decisions.ts';
import { formatProblem, loadScenarioFile } from '../scenario/index.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { plainJsonSchema } from '../scenario/schema.ts';
import { keysOf } from '../scenario/schema-keys.ts';
import { languageRegions, renewLanguage } from './language.ts';
import { anchorOf, regionNames } from './regions.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENTS = ['docs/language.md', 'docs/first-scenario.md', 'README.md'];
const LANGUAGE = readFileSync(`${ROOT}docs/language.md`, 'utf8');

test('the tables are current (npm run language renews them)', () => {
  expect(LANGUAGE).toBe(renewLanguage(LANGUAGE, ROOT));
});

test('every table has its place, and one only', () => {
  expect(regionNames(LANGUAGE).sort()).toEqual(Object.keys(languageRegions(LANGUAGE, ROOT)).sort());
});

/** Rows by what stands in their first cell: `key` or `key: example`. */
const rows = new Map<string, string[]>();
for (const line of LANGUAGE.split('\n')) {
  const name = /^\| `([^`:]+)/.exec(line)?.[1];
  if (name !== undefined) rows.set(name, [...(rows.get(name) ?? []), line.replaceAll('\\|', '|')]);
}

describe('there is a row, with its meaning, for the key', () => {
  const keys = new Map(keysOf(plainJsonSchema()).map((key) => [`${key.name} ${key.description}`, key]));

  test.each([...keys.values()])('$path', ({ name, description }) => {
    expect(rows.get(name)?.some((row) => row.includes(`| ${description} |`))).toBe(true);
  });
});

test.each([...DECISION_NAMES.filter((name) => name.includes('/')), ...INVARIANT_NAMES])(
  'there is a row for %s',
  (name) => {
    expect(rows.get(name)).toHaveLength(1);
  },
);

interface Block {
  /** The heading that it stands under. */
  readonly heading: string;
  readonly file: string | undefined;
  readonly text: string;
}

function yamlBlocks(document: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  for (const found of document.matchAll(/^#+ (.*)$|^(?:<!-- file: (\S+) -->\n)?```yaml\n([\s\S]*?)^```$/gm)) {
    const [, title, file, text] = found;
    if (title !== undefined) heading = title;
    else if (text !== undefined) blocks.push({ heading, file, text });
  }
  return blocks;
}

/** What parts of scenarios are put into: a master, two replicas, and a client where one is named. */
function whole(text: string): string {
  const has = (key: string): boolean => new RegExp(`^${key}:`, 'm').test(text);
  const head = ['name: a part', 'duration: 60s'];
  if (!has('nodes')) head.push('nodes: { A: {}, B: { replicaof: A }, C: { replicaof: A } }');
  return `${head.join('\n')}\n${text}`;
}

function load(text: string): readonly Scenario[] {
  const loaded = loadScenarioFile(text, 'example.yaml');
  return loaded.ok ? loaded.scenarios : expect.fail(loaded.problems.map(formatProblem).join('\n'));
}

const isWhole = ({ text }: Block): boolean => /^name:/m.test(text);
const isWrong = ({ file }: Block): boolean => file?.startsWith('wrong') ?? false;

const blocks = yamlBlocks(LANGUAGE);

test('the document has whole scenarios, parts and a wrong one', () => {
  expect(blocks.filter(isWhole).length).toBeGreaterThanOrEqual(4);
  expect(blocks.filter((block) => !isWhole(block)).length).toBeGreaterThanOrEqual(10);
  expect(blocks.filter(isWrong)).toHaveLength(1);
});

describe.each(blocks.filter((block) => isWhole(block) && !isWrong(block)))('$heading: $file', ({ text }) => {
  test('holds under several seeds, without a note', () => {
    for (const scenario of load(text)) {
      expect(scenario.notes).toEqual([]);
      for (const seed of ['1', '2', '3', '4', '5'])
        expect(runScenario(scenario, { seed }).result.failures, `seed ${seed}`).toEqual([]);
    }
  });
});

test.each(blocks.filter((block) => !isWhole(block)))(
  'under "$heading" parts of a scenario are right',
  ({ text }) => {
    expect(load(whole(text)).flatMap(({ notes }) => notes)).toEqual([]);
  },
);

test.each(['docs/language.md', 'docs/first-scenario.md'])('%s names options that there are', (path) => {
  const named = readFileSync(`${ROOT}${path}`, 'utf8').matchAll(/(?<=[\s`])--([a-z][a-z-]*)/g);
  expect(OPTION_NAMES).toEqual(expect.arrayContaining([...named].map(([, option]) => option)));
});

describe.each(DOCUMENTS)('%s', (path) => {
  const text = readFileSync(`${ROOT}${path}`, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);

  test.each(links.filter((link) => !/^https?:/.test(link)))('%s leads somewhere', (link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : new URL(file, `file:///${path}`).pathname.slice(1);
    expect(existsSync(`${ROOT}${target}`), target).toBe(true);
    if (anchor === undefined) return;
    expect(anchorsOf(readFileSync(`${ROOT}${target}`, 'utf8'))).toContain(anchor);
  });
});

function anchorsOf(document: string): string[] {
  return [...document.matchAll(/^#+ (.*)$/gm)].map(([, title]) => anchorOf(title!));
}
