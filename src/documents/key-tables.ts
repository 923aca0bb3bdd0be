import { stringify } from 'yaml';
import { WHY } from '../run/faults.ts';
import { COMMANDS, FAULTS } from '../scenario/resolve-actions.ts';
import { TIMING } from '../scenario/resolve-conditions.ts';
import { FORMS } from '../scenario/resolve-expectations.ts';
import { TRIGGERS } from '../scenario/resolve-triggers.ts';
import { plainJsonSchema } from '../scenario/schema.ts';
import { type Json, keysOf, type SchemaKey } from '../scenario/schema-keys.ts';
import { code, markdownTable, type Regions } from './regions.ts';

const KEYS = keysOf(plainJsonSchema());
/** What says when an entry acts. */
const WHEN: readonly string[] = [...TRIGGERS, ...TIMING];

/** The tables of keys, made of what the schema says of each. */
export function keyTables(): Regions {
  return {
    'keys of a scenario': keyTable('', () => true),
    'keys of a node': keyTable('nodes.*'),
    'keys of a machine': keyTable('nodes.*.machine'),
    'keys of a link': keyTable('links.*'),
    'keys of a client': keyTable('clients.*'),
    'keys of a workload': keyTable('workload[]'),
    triggers: keyTable('timeline[]', ({ name }) => WHEN.includes(name)),
    'keys of after': keyTable('timeline[].after'),
    'keys of a condition': keyTable('timeline[].when', ({ name }) => !WHEN.includes(name)),
    commands: actionTable(COMMANDS, null),
    'keys of a repeat': keyTable('timeline[].repeat'),
    faults: actionTable(FAULTS, WHY),
    'other keys of an entry': keyTable('timeline[]', isOther),
    'keys of set': keyTable('timeline[].set'),
    'keys of a pick': keyTable('timeline[].kill'),
    expectations: formTable(),
    'keys of an expectation': keyTable('expect[]', ({ name }) => !Object.hasOwn(FORMS, name)),
    'keys of a step': keyTable('expect[].order[]'),
    'keys of cost': keyTable('expect[].cost'),
    'keys of a nemesis': keyTable('nemesis'),
  };
}

function isOther({ name }: SchemaKey): boolean {
  return !WHEN.includes(name) && !Object.hasOwn(COMMANDS, name) && !Object.hasOwn(FAULTS, name);
}

function keysIn(parent: string): SchemaKey[] {
  const found = KEYS.filter((key) => key.parent === parent);
  if (found.length === 0) throw new Error(`the schema has no keys at "${parent}"`);
  return found;
}

/** What stands under one parent, with the defaults where some key has one. */
function keyTable(parent: string, isWanted: (key: SchemaKey) => boolean = () => true): string {
  const keys = keysIn(parent).filter(isWanted);
  const hasDefaults = keys.some(({ default: value, required }) => value !== undefined || required);
  const head = ['key', 'value', ...(hasDefaults ? ['default'] : []), 'meaning'];
  const rows = keys.map((key) => [
    code(key.name),
    kindOf(key),
    ...(hasDefaults ? [defaultOf(key)] : []),
    key.description ?? '',
  ]);
  return markdownTable(head, rows);
}

/** Actions of a timeline, written out, with the keys that go with each. */
function actionTable(
  actions: Readonly<Record<string, readonly string[]>>,
  vacuous: Readonly<Record<string, string>> | null,
): string {
  const keys = keysIn('timeline[]');
  const rows = Object.entries(actions).map(([name, companions]) => {
    const key = keys.find((one) => one.name === name)!;
    const own = [written(key), companions.map(code).join(' '), key.description ?? ''];
    return vacuous === null ? own : [...own, vacuous[name]!];
  });
  return markdownTable(
    ['action', 'goes with', 'meaning', ...(vacuous === null ? [] : ['is vacuous if'])],
    rows,
  );
}

function formTable(): string {
  const keys = keysIn('expect[]');
  const rows = Object.entries(FORMS).map(([name, companions]) => {
    const key = keys.find((one) => one.name === name)!;
    return [written(key), companions.map(code).join(' '), key.description ?? ''];
  });
  return markdownTable(['form', 'goes with', 'holds when'], rows);
}

/** A key as a file has it: `partition: A <-> B`. */
function written({ name, examples }: SchemaKey): string {
  const [example] = examples;
  return code(example === undefined ? `${name}:` : `${name}: ${inOneLine(example)}`);
}

function defaultOf({ default: value, required }: SchemaKey): string {
  if (required) return '*needed*';
  return value === undefined ? '' : code(inOneLine(value));
}

function kindOf({ title, type }: SchemaKey): string {
  return title ?? (type === 'string' ? 'text' : (type ?? ''));
}

function inOneLine(value: Json): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true })
    .replace(/\[ (.*) \]/g, '[$1]')
    .trim();
}
