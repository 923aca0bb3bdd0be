import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import type { Comparison, FieldRef, FieldTest } from '../scenario/scenario.ts';

/** A field's value as INFO gives it; undefined where the node is down or gives no such field. */
export type FieldValue = string | number | undefined;

/** Node names to numbers and INFO fields to values: what tests of fields ask the world. */
export class Fields {
  readonly #world: () => SimulatedWorld;
  readonly #numbers = new Map<string, number>();

  constructor(names: readonly string[], world: () => SimulatedWorld) {
    this.#world = world;
    names.forEach((name, index) => {
      this.#numbers.set(name, index);
    });
  }

  /** The node of that name; the loader has checked that there is one. */
  node(name: string): number {
    return this.#numbers.get(name) ?? -1;
  }

  read(node: number, field: FieldRef): FieldValue {
    const world = this.#world();
    if (world.server(node) === null) return undefined;
    if (field.kind === 'field') return world.infoField(node, field.name);
    return this.#slavePart(node, this.node(field.replica), field.part);
  }

  holds(node: number, test: FieldTest): boolean {
    const value = this.read(node, test.field);
    if (value === undefined) return false;
    switch (test.test.kind) {
      case 'compare':
        return compare(value, test.test.op, test.test.value);
      case 'regex':
        return test.test.regex.test(String(value));
      case 'other': {
        const other = this.read(this.node(test.test.node), test.test.field);
        return other !== undefined && compare(value, test.test.op, other);
      }
    }
  }

  allHold(node: number, tests: readonly FieldTest[]): boolean {
    for (let i = 0; i < tests.length; i++) if (!this.holds(node, tests[i]!)) return false;
    return true;
  }

  /** `A master_repl_offset == 2674`. */
  expected(node: string, test: FieldTest): string {
    const field = `${node} ${fieldName(test.field)}`;
    switch (test.test.kind) {
      case 'compare':
        return `${field} ${test.test.op} ${test.test.value}`;
      case 'regex':
        return `${field} to match ${test.test.regex}`;
      case 'other': {
        const { op, node: other, field: ref } = test.test;
        return `${field} ${op} ${other}.${fieldName(ref)} (${this.actual(other, ref)})`;
      }
    }
  }

  /** The value as it is, or why there is none. */
  actual(node: string, field: FieldRef): string {
    const number = this.node(node);
    const value = this.read(number, field);
    if (value !== undefined) return String(value);
    return this.#world().server(number) === null ? `nothing: ${node} is down` : 'not given by INFO';
  }

  /** A part of the master's line about one replica: `slave0:ip=..,port=..,state=..,offset=..,lag=..`. */
  #slavePart(master: number, replica: number, part: string): FieldValue {
    const world = this.#world();
    for (let i = 0; ; i++) {
      const line = world.infoField(master, `slave${i}`);
      if (typeof line !== 'string') return undefined;
      const parts = new Map(line.split(',').map((item) => item.split('=', 2) as [string, string]));
      if (world.nodeAt(parts.get('ip') ?? '', Number(parts.get('port'))) !== replica) continue;
      const value = parts.get(part);
      return part === 'state' || value === undefined ? value : Number(value);
    }
  }
}

export function fieldName(field: FieldRef): string {
  return field.kind === 'field' ? field.name : `slave(${field.replica}).${field.part}`;
}

/** Numbers compare as numbers; anything else as text, which is equal or not but neither less nor more. */
export function compare(actual: string | number, op: Comparison, wanted: string | number): boolean {
  if (typeof actual === 'number' && typeof wanted === 'number') return compareNumbers(actual, op, wanted);
  if (op === '==') return String(actual) === String(wanted);
  return op === '!=' && String(actual) !== String(wanted);
}

export function compareNumbers(actual: number, op: Comparison, wanted: number): boolean {
  switch (op) {
    case '==':
      return actual === wanted;
    case '!=':
      return actual !== wanted;
    case '<':
      return actual < wanted;
    case '<=':
      return actual <= wanted;
    case '>':
      return actual > wanted;
    case '>=':
      return actual >= wanted;
  }
}
