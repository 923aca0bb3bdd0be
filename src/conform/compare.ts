import { ABSENT, type Fact } from './facts.ts';

/** How the simulation's values of one fact and the real one stand to each other. */
export interface Comparison {
  readonly key: string;
  readonly at_ms: number;
  readonly real: string;
  /** The values that simulations gave, each once, in the order of the seeds. */
  readonly simulated: readonly string[];
  /**
   * `pinned`: the simulation gives one value, and the real one is it. `allowed`: it gives several, and the real
   * one is among them, or a number between the least and the greatest of many. `differs`: neither.
   */
  readonly verdict: 'pinned' | 'allowed' | 'differs';
}

/** A number that took so many values in simulations depends on moments: anything between them can come. */
const MANY_VALUES = 5;

/** Compares what was real with what simulations gave, fact by fact, in order of time. */
export function compareFacts(real: readonly Fact[], simulations: readonly (readonly Fact[])[]): Comparison[] {
  const table = new Map<string, { at_ms: number; values: (string | undefined)[] }>();
  simulations.forEach((facts, i) => {
    for (const { key, value, at_ms } of facts) {
      let row = table.get(key);
      if (row === undefined) {
        row = { at_ms, values: [] };
        table.set(key, row);
      }
      row.values[i] = value;
    }
  });
  const realValues = new Map(real.map((fact) => [fact.key, fact]));
  const unknown = real
    .filter(({ key, value }) => key.endsWith(' state') && (value === 'busy' || value === 'frozen'))
    .map(({ key }) => key.slice(0, -'state'.length));
  const apart = elsewhere(realValues, table, simulations.length);
  const keys = new Set([...realValues.keys(), ...table.keys()]);
  const comparisons: Comparison[] = [];
  for (const key of keys) {
    if (unknown.some((prefix) => key.startsWith(prefix))) continue;
    if (!NODE_STATE.test(key) && apart.some((prefix) => key.startsWith(prefix))) continue;
    if (untold(key, realValues)) continue;
    const row = table.get(key);
    const values = simulations.map((_, i) => row?.values[i] ?? ABSENT);
    const simulated = [...new Set(values)];
    const fact = realValues.get(key);
    const value = fact?.value ?? ABSENT;
    const at_ms = fact?.at_ms ?? row!.at_ms;
    comparisons.push({ key, at_ms, real: value, simulated, verdict: verdictOf(value, simulated) });
  }
  return comparisons.sort((a, b) => a.at_ms - b.at_ms);
}

/** Nodes that are up in no simulation where they are in reality, or the other way round: their state says it all. */
function elsewhere(
  real: ReadonlyMap<string, Fact>,
  table: ReadonlyMap<string, { readonly values: readonly (string | undefined)[] }>,
  runs: number,
): string[] {
  const prefixes: string[] = [];
  for (const [key, { values }] of table) {
    if (!NODE_STATE.test(key)) continue;
    const isUp = real.get(key)?.value === 'up';
    const upIn = values.filter((value) => value === 'up').length;
    if (isUp ? upIn === 0 : upIn === runs) prefixes.push(key.slice(0, -'state'.length));
  }
  return prefixes;
}

/** `3.8s A state`, not `3.8s A slave(B).state`. */
const NODE_STATE = /^\S+ \S+ state$/;

/** What the real logs do not tell of a decision, or a server not of its data, says nothing by its absence. */
function untold(key: string, real: ReadonlyMap<string, Fact>): boolean {
  if (real.has(key)) return false;
  const decision = /^(decision .*) (?:reason|offset)$/.exec(key);
  if (decision !== null) return real.has(`${decision[1]} outcome`);
  const data = /^(.*) data$/.exec(key);
  return data !== null && real.get(`${data[1]} state`)?.value === 'up';
}

function verdictOf(value: string, simulated: readonly string[]): Comparison['verdict'] {
  if (simulated.includes(value)) return simulated.length === 1 ? 'pinned' : 'allowed';
  return isBetween(value, simulated) ? 'allowed' : 'differs';
}

function isBetween(value: string, simulated: readonly string[]): boolean {
  const number = numberOf(value);
  if (number === null || simulated.length < MANY_VALUES) return false;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const text of simulated) {
    const one = numberOf(text);
    if (one === null) continue;
    least = Math.min(least, one);
    greatest = Math.max(greatest, one);
  }
  return least <= number && number <= greatest;
}

/** A number as INFO gives it, or an integer reply. */
function numberOf(text: string): number | null {
  return /^:?-?\d+$/.test(text) ? Number(text.replace(':', '')) : null;
}
