import { INVARIANT_NAMES as CHECKED } from '../../sim/invariants/index.ts';

/** What always holds, by the names that `violates:` takes: what each server is checked for, and what all are. */
export const INVARIANT_NAMES: readonly string[] = [...new Set([...CHECKED, 'role-state'])];

/** Other names of the same. */
const ALIASES: Readonly<Record<string, string>> = {
  fence: 'the-fence',
  'backlog-arithmetic': 'window',
};

/** An invariant's name in full; undefined where there is none. */
export function invariantName(text: string): string | undefined {
  const name = Object.hasOwn(ALIASES, text) ? ALIASES[text]! : text;
  return INVARIANT_NAMES.find((known) => known === name);
}
