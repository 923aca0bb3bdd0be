import type { Context } from './context.ts';
import { INFO_FIELDS, type InfoField, infoField, SLAVE_PARTS } from './info-fields.ts';
import { suggest } from './nearest.ts';
import { parseNumber, parseRegex, splitComparison } from './patterns.ts';
import { isWrong, type Wrong, wrong } from './problems.ts';
import type { FieldRef, FieldTest, Position } from './scenario.ts';
import { entries, type Tree, textOf } from './tree.ts';
import { parseSize } from './units.ts';

/** The tests of a `has:` map on one node: field names with values, comparisons or regular expressions. */
export function fieldTests(tree: Tree | undefined, node: string, context: Context): FieldTest[] {
  return entries(tree).flatMap(({ key, position, value }) => {
    const field = parseField(key, node, context);
    if (isWrong(field)) {
      context.problems.reportWrong(position, field);
      return [];
    }
    const text = textOf(value);
    if (text === null) {
      context.problems.report(
        value.position,
        `"${key}" needs a value`,
        'as in role: master or connected_slaves: ">= 1"',
      );
      return [];
    }
    const test = parseTest(text, field, context);
    if (!isWrong(test)) return [{ position, field: field.ref, text, test }];
    context.problems.reportWrong(value.position, test);
    return [];
  });
}

interface Field {
  readonly ref: FieldRef;
  readonly info: InfoField;
}

/** `role`, or `slave(B).state` for the line about B, as some profile of the node gives it. */
function parseField(text: string, node: string, context: Context): Field | Wrong {
  const line = /^slave\(([^()]*)\)\.(\w*)$/.exec(text);
  if (line !== null) {
    const [, replica = '', part = ''] = line;
    if (!context.names.has(replica)) return context.names.unknown(replica);
    if (part !== 'state' && part !== 'offset' && part !== 'lag') {
      return wrong(`a replica's line has no "${part}"`, 'it has state, offset and lag');
    }
    return { ref: { kind: 'slave', replica, part }, info: SLAVE_PARTS[part] };
  }
  const profiles = context.profiles.get(node) ?? [];
  const info = infoField(text);
  const given = (field: InfoField) =>
    field.profiles === undefined || profiles.some((name) => field.profiles!.includes(name));
  if (info === undefined) {
    const names = INFO_FIELDS.filter(given).map(({ name }) => name);
    const hint =
      suggest(text, names) ?? "the fields are INFO replication's, sync_*, loading and rdb_bgsave_in_progress";
    return wrong(`INFO has no field "${text.slice(0, 60)}"`, hint);
  }
  if (!given(info))
    return wrong(`${profiles[0]} gives no INFO field "${text}"`, `${info.profiles!.join(' and ')} does`);
  return { ref: { kind: 'field', name: text }, info };
}

function parseTest(text: string, field: Field, context: Context): FieldTest['test'] | Wrong {
  const regex = parseRegex(text);
  if (isWrong(regex)) return regex;
  if (regex !== null) return { kind: 'regex', regex };
  const comparison = splitComparison(text);
  if (isWrong(comparison)) return comparison;
  const { op, operand } = comparison;
  const other = parseOther(operand, context);
  if (isWrong(other)) return other;
  const ordered = op !== '==' && op !== '!=';
  if (other !== null) {
    if (other.info.kind !== field.info.kind)
      return wrong(`"${operand}" is a ${other.info.kind}, this field is a ${field.info.kind}`);
    if (ordered && field.info.kind === 'text')
      return wrong(`texts have no order for "${op}"`, 'compare them with == or !=');
    return { kind: 'other', op, node: other.node, field: other.ref };
  }
  if (field.info.kind === 'number') {
    const value = parseNumber(operand);
    const size = isWrong(value) ? parseSize(operand) : value;
    if (isWrong(size))
      return wrong(
        `this field is a number, not "${operand.slice(0, 60)}"`,
        'as in 5, ">= 5" or "== B.master_repl_offset"',
      );
    return { kind: 'compare', op, value: size };
  }
  if (ordered) return wrong(`texts have no order for "${op}"`, 'compare them with == or !=');
  const { values } = field.info;
  if (values !== undefined && !values.includes(operand)) {
    const hint = operand === 'replica' ? 'INFO says "slave"' : suggest(operand, values);
    return wrong(`this field is never "${operand.slice(0, 60)}"`, hint);
  }
  return { kind: 'compare', op, value: operand };
}

/** Another node's field, `B.master_repl_offset`; null where the text is none. */
function parseOther(text: string, context: Context): (Field & { node: string }) | null | Wrong {
  const parts = /^([A-Za-z][\w-]*)\.([A-Za-z].*)$/.exec(text);
  if (parts === null) return null;
  const [, node = '', name = ''] = parts;
  if (!context.names.has(node)) return context.names.unknown(node);
  const field = parseField(name, node, context);
  return isWrong(field) ? field : { ...field, node };
}

/** The tests of a condition that must have at least one. */
export function someFieldTests(
  tree: Tree | undefined,
  node: string,
  at: Position,
  context: Context,
): FieldTest[] {
  if (entries(tree).length === 0)
    context.problems.report(tree?.position ?? at, 'no field is tested', 'as in has: { role: master }');
  return fieldTests(tree, node, context);
}
