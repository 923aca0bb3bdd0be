import type { z } from 'zod';
import { nearest, suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import { scenarioSchema } from './schema.ts';
import { describe, entries, entry, type Tree, toPlain } from './tree.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = Issue & { readonly code: 'invalid_union' };

/** Reports where a file's shape is not a scenario's: unknown keys, missing ones, values of the wrong kind. */
export function checkShape(file: Tree, problems: Problems): void {
  const result = scenarioSchema.safeParse(toPlain(file), { error: explain });
  if (result.success) return;
  const misspelled = result.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  for (const issue of result.error.issues) {
    // A misspelled key says what is missing; it need not be said twice.
    if (!misspelled.some((other) => means(other, issue))) reportIssue(issue, file, problems);
  }
}

/** Whether the hints for unknown keys name the very key that another issue is about. */
function means(misspelled: Issue, issue: Issue): boolean {
  const { path } = misspelled;
  if (issue.path.length !== path.length + 1 || !path.every((step, i) => step === issue.path[i])) return false;
  return misspelled.message.includes(`"${String(issue.path.at(-1))}"?`);
}

/**
 * Our words for zod's findings, a hint after a line break. Only here the schema is at hand, so the hints for
 * unknown keys are made here, one line for each.
 */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const schema = issue.inst as { _zod?: { def?: { shape?: object } } } | undefined;
  const known = Object.keys(schema?._zod?.def?.shape ?? {});
  const keys = issue.keys as string[];
  return keys.map((key) => suggest(key, known) ?? `the keys here: ${known.join(', ')}`).join('\n');
}

function reportIssue(issue: Issue, within: Tree, problems: Problems): void {
  const { tree, missing } = follow(within, issue.path);
  if (missing !== null) {
    problems.reportShape(tree.position, `"${missing}" is missing`);
  } else if (issue.code === 'unrecognized_keys') {
    reportUnknownKeys(issue.keys, issue.message.split('\n'), tree, problems);
  } else if (issue.code === 'invalid_union') {
    reportUnion(issue, tree, problems);
  } else if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = tree.kind === 'scalar' ? suggest(tree.text, values) : null;
    const hint = near ?? `one of: ${values.join(', ')}`;
    problems.reportShape(tree.position, `${describe(tree)} cannot stand here`, hint);
  } else {
    const [message = '', hint = null] = ownWords(issue, tree).split('\n');
    problems.reportShape(tree.position, message, hint);
  }
}

function reportUnknownKeys(
  keys: readonly string[],
  hints: readonly string[],
  tree: Tree,
  problems: Problems,
): void {
  keys.forEach((key, i) => {
    const place = entry(tree, key)?.position ?? tree.position;
    problems.reportShape(place, `unknown key "${key}"`, hints[i] ?? null);
  });
}

/** The branch whose kind fits says what is wrong inside; where none fits, the union says what it takes. */
function reportUnion(issue: UnionIssue, tree: Tree, problems: Problems): void {
  const inside = issue.errors.find((issues) => issues.length > 0 && !issues.some(isWrongKind));
  const own = issue.message === 'Invalid input' ? null : issue.message;
  if (inside !== undefined && (own === null || !inside.every(isAboutWhole))) {
    for (const inner of inside) reportIssue(inner, tree, problems);
    return;
  }
  const [message = '', hint = null] = (unitMessage(issue) ?? own ?? 'this cannot stand here').split('\n');
  const complete = message.startsWith('must') ? `${message}, not ${describe(tree)}` : message;
  const choices = issue.errors.flat().flatMap((inner) => ('values' in inner ? inner.values.map(String) : []));
  const near = tree.kind === 'scalar' ? nearest(tree.text, choices) : null;
  problems.reportShape(tree.position, complete, near === null ? hint : `did you mean "${near}"?`);
}

/** The value is not even of the branch's kind. */
function isWrongKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

/** The value is of the branch's kind and as a whole not what it takes. */
function isAboutWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== 'unrecognized_keys' && issue.code !== 'invalid_union';
}

/** What a branch says about numbers without a unit. */
function unitMessage(issue: UnionIssue): string | null {
  return issue.errors.flat().find((inner) => inner.message.includes('has no unit'))?.message ?? null;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function ownWords(issue: Issue, tree: Tree): string {
  if (issue.code === 'too_small' && tree.kind === 'list') return 'the list is empty';
  if (issue.code === 'too_small') return `${describe(tree)} is too small\nat least ${issue.minimum}`;
  if (issue.code === 'invalid_format') return `${issue.message}, not ${describe(tree)}`;
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  const message = `must be ${KINDS[issue.expected] ?? issue.expected}, not ${describe(tree)}`;
  const quotable = issue.expected === 'string' && tree.kind === 'scalar' && tree.value !== null;
  return quotable ? `${message}\nput it in quotes: "${tree.text.slice(0, 30)}"` : message;
}

/** The value at a path; for a key that is not there, the map it is missing from. */
function follow(from: Tree, path: readonly PropertyKey[]): { tree: Tree; missing: string | null } {
  let tree = from;
  for (const step of path) {
    const next =
      tree.kind === 'list' ? tree.items[Number(step)] : entries(tree).find(({ key }) => key === step)?.value;
    if (next === undefined) return { tree, missing: String(step) };
    tree = next;
  }
  return { tree, missing: null };
}
