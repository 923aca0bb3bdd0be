/**
 * Whether to colour: the flag, then FORCE_COLOR, then NO_COLOR, then whether a terminal reads. chalk's own
 * policy knows no NO_COLOR, so it is not asked. The sixteen basic colours are enough everywhere.
 */
export function wantsColour(
  flag: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (flag !== undefined) return flag;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}
