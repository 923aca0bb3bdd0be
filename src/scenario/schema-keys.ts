/** A value of a JSON document. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A key of scenario files as the schema describes it. */
export interface SchemaKey {
  /** Where it stands: `nodes.*.machine.fork`, `timeline[].at`. */
  readonly path: string;
  /** The path of the map it stands in; empty for the file itself. */
  readonly parent: string;
  readonly name: string;
  readonly title: string | undefined;
  readonly type: string | undefined;
  readonly description: string | undefined;
  /** As a file would write it; undefined where there is none. */
  readonly default: Json | undefined;
  readonly examples: readonly Json[];
  readonly required: boolean;
}

interface Node {
  readonly [key: string]: Json;
}

/**
 * Every key of a JSON Schema, a map's before those inside it. What refers to a part that lies around it (the entries
 * of a `do:`, the conditions of an `all:`) is not entered a second time.
 */
export function keysOf(schema: Readonly<Record<string, unknown>>): SchemaKey[] {
  const root = schema as Node;
  const keys: SchemaKey[] = [];
  const visit = (node: Node, path: string, within: readonly Node[]): void => {
    const target = resolved(node, root);
    if (within.includes(target)) return;
    const inside = [...within, target];
    for (const [name, value] of Object.entries(mapOf(target.properties))) {
      const at = path === '' ? name : `${path}.${name}`;
      const property = mapOf(value);
      keys.push(keyOf(property, resolved(property, root), at, path, name, listOf(target.required)));
      visit(property, at, inside);
    }
    if (isMap(target.additionalProperties)) visit(target.additionalProperties, `${path}.*`, inside);
    if (isMap(target.items)) visit(target.items, `${path}[]`, inside);
    for (const branch of [...listOf(target.anyOf), ...listOf(target.allOf)])
      visit(mapOf(branch), path, inside);
  };
  visit(root, '', []);
  return [...new Map(keys.map((key) => [key.path, key])).values()];
}

function keyOf(
  own: Node,
  target: Node,
  path: string,
  parent: string,
  name: string,
  required: readonly Json[],
): SchemaKey {
  const field = (key: string): Json | undefined => own[key] ?? target[key];
  const textOf = (key: string): string | undefined => {
    const value = field(key);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    path,
    parent,
    name,
    title: textOf('title'),
    type: textOf('type'),
    description: textOf('description'),
    default: field('default'),
    examples: listOf(field('examples')),
    required: required.includes(name),
  };
}

function resolved(node: Node, root: Node): Node {
  const reference = node.$ref;
  if (typeof reference !== 'string') return node;
  const steps = reference.replace('#/', '').split('/');
  return mapOf(steps.reduce<Json | undefined>((at, step) => mapOf(at)[step], root));
}

function isMap(value: Json | undefined): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: Json | undefined): Node {
  return isMap(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
