import { INVARIANT_NAMES } from '../../sim/invariants/index.ts';

export { INVARIANT_NAMES };

/** Other names of the same. */
const ALIASES: Readonly<Record<string, string>> = { fence: 'the-fence' };

/** An invariant's name in full; undefined where there is none. */
export function invariantName(text: string): string | undefined {
  const name = Object.hasOwn(ALIASES, text) ? ALIASES[text]! : text;
  return INVARIANT_NAMES.find((known) => known === name);
}
