import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scenarioJsonSchema } from './schema.ts';

const file = new URL('../../schema/scenario.schema.json', import.meta.url);

it('the schema in the repository is the current one (npx psynclab schema > schema/scenario.schema.json)', () => {
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
