import type { Json } from './schema-keys.ts';

type Node = Readonly<Record<string, Json>>;

/** Keywords whose value is a map of schemas by names, and those whose value is data. */
const MAPS = ['properties', 'definitions'];
const DATA = ['default', 'enum', 'examples', 'required'];

/**
 * A JSON Schema as editors show it best: they tell a description and not the default, so that stands in it too, they
 * render Markdown only under a name of its own, and `${key}` of a matrix may stand in place of any word.
 */
export function forEditors(schema: Node): Record<string, Json> {
  const inside = Object.entries(schema).map(([key, value]): [string, Json] => [key, within(key, value)]);
  return described(anyWord(Object.fromEntries(inside)));
}

function within(key: string, value: Json): Json {
  if (DATA.includes(key)) return value;
  if (MAPS.includes(key)) {
    const entries = Object.entries(value as Node);
    return Object.fromEntries(entries.map(([name, schema]) => [name, forEditors(schema as Node)]));
  }
  return nested(value);
}

function nested(value: Json): Json {
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === 'object' && value !== null ? forEditors(value as Node) : value;
}

function anyWord(schema: Node): Node {
  const { enum: words, ...others } = schema;
  if (words === undefined || schema.type !== 'string') return schema;
  const { type, ...told } = others;
  return {
    ...told,
    anyOf: [
      { type: type!, enum: words },
      { type: 'string', pattern: '\\$\\{' },
    ],
  };
}

function described(schema: Node): Record<string, Json> {
  const { description, default: value } = schema;
  if (typeof description !== 'string') return { ...schema };
  const told = value === undefined ? description : `${description} Default: \`${value}\`.`;
  return { ...schema, description: told, ...(told.includes('`') ? { markdownDescription: told } : {}) };
}
