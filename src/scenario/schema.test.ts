import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadOne } from './load.test-helper.ts';
import type { Scenario } from './scenario.ts';
import { plainJsonSchema, scenarioJsonSchema } from './schema.ts';
import { type Json, keysOf } from './schema-keys.ts';

const file = new URL('../../schema/scenario.schema.json', import.meta.url);

it('the schema in the repository is the current one (npm run language renews it)', () => {
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
});

it('the schema refuses unknown keys and completes those of an entry', () => {
  const schema = scenarioJsonSchema() as {
    $schema: string;
    additionalProperties: boolean;
    properties: Record<string, object>;
  };
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(schema.additionalProperties).toBe(false);
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['nodes', 'timeline', 'expect', 'matrix']),
  );
});

describe('what an editor goes by', () => {
  const schema = z.fromJSONSchema(scenarioJsonSchema());
  const lessons = new URL('../../scenarios/', import.meta.url);
  const files = readdirSync(lessons, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  const small = { name: 'x', duration: '5s', nodes: { A: {} } };

  it.each(files)('accepts %s', (name) => {
    expect(schema.safeParse(parse(readFileSync(new URL(name, lessons), 'utf8'))).error).toBeUndefined();
  });

  it.each([
    ['a key that is none', { ...small, nodes: { A: { replicof: 'B' } } }],
    ['a time without unit', { ...small, duration: '5' }],
    [
      'a state that is none',
      { ...small, timeline: [{ when: { on: 'A', repl_state: 'CONECT' }, kill: 'A' }] },
    ],
  ])('marks %s', (_, file) => {
    expect(schema.safeParse(small).success).toBe(true);
    expect(schema.safeParse(file).success).toBe(false);
  });

  it('tells a default with the meaning, and shows Markdown as such', () => {
    const fork = keysOf(scenarioJsonSchema()).find(({ path }) => path === 'nodes.*.machine.fork');
    expect(fork?.description).toMatch(/^How long .* Default: `10ms`\.$/);
    expect(JSON.stringify(scenarioJsonSchema())).toContain('"markdownDescription":"How long a fork');
  });
});

const keys = keysOf(plainJsonSchema());

describe('an editor explains', () => {
  it('keys at every depth', () => {
    const paths = keys.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['seed', 'nodes.*.machine.fork', 'expect[].order[].is']));
    expect(paths.length).toBeGreaterThan(120);
  });

  it.each(keys)('$path', ({ description, title, type }) => {
    expect(description).toMatch(/^[A-Z`0-9].*\.$/);
    expect(title ?? type).toMatch(/./);
  });
});

/** A scenario with one key written out, or without it, by the map that it stands in. */
const places: Readonly<Record<string, (key: string, value: Json | undefined) => object>> = {
  '': (key, value) => ({ [key]: value }),
  'nodes.*': (key, value) => ({ nodes: { A: { [key]: value }, B: { replicaof: 'A' } } }),
  'nodes.*.machine': (key, value) => ({ nodes: { A: { machine: { [key]: value } }, B: { replicaof: 'A' } } }),
  'links.*': (key, value) => ({ links: { default: { [key]: value } } }),
  'clients.*': (key, value) => ({ clients: { app: { to: 'A', [key]: value } } }),
  'workload[]': (key, value) => ({ workload: [{ on: 'A', every: '1s', run: 'INCR k', [key]: value }] }),
  'timeline[].after': (key, value) => ({
    timeline: [...cut, { after: { step: 'cut', [key]: value }, heal: 'all' }],
  }),
  'expect[]': (key, value) => ({
    expect: [key === 'acked' ? { lost_writes: 0, [key]: value } : { ...always, [key]: value }],
  }),
  nemesis: (key, value) => ({ nemesis: { [key]: value } }),
};
const cut = [{ at: '1s', id: 'cut', partition: 'A <-> B' }];
const always = { always: { info: 'A', has: { role: 'master' } } };

/** Everything of a scenario that can be compared, wherever in the file it stands. */
function loaded(parts: object): unknown {
  const base = { name: 'x', duration: '60s', nodes: { A: {}, B: { replicaof: 'A' } } };
  const { plain: _, nemesis, ...scenario }: Scenario = loadOne(JSON.stringify({ ...base, ...parts }));
  const values = { ...scenario, nemesis: nemesis === null ? null : { ...nemesis, resolve: null } };
  return JSON.parse(JSON.stringify(values, (key, value) => (key === 'position' ? null : value)));
}

describe.each(keys.filter((key) => key.default !== undefined))('what is not written: $path', (key) => {
  it('is as if its default was', () => {
    const written = (value: Json | undefined) => loaded(places[key.parent]!(key.name, value));
    expect(written(key.default)).toEqual(written(undefined));
  });
});
