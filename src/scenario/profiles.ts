import type { ProfileName } from '../../sim/redis/profile.ts';
import { nearest } from './nearest.ts';
import { type Wrong, wrong } from './problems.ts';

/** Profiles with a name, whether they can be run yet or not. */
export const PROFILE_NAMES: readonly ProfileName[] = ['redis-5.0', 'redis-7.0'];

/** Versions people ask for, the profile that is nearest, and what of replication differs from it. */
const RELATIVES: readonly {
  readonly pattern: RegExp;
  readonly nearest: ProfileName;
  readonly differs: string;
}[] = [
  {
    pattern: /^(redis[-_]?)?v?4(\.|$)/,
    nearest: 'redis-5.0',
    differs: '4.0 knows only the slave- names of directives and SLAVEOF, and lacks streams',
  },
  {
    pattern: /^(redis[-_]?)?v?6(\.|$)/,
    nearest: 'redis-5.0',
    differs:
      '6.x can load a diskless RDB straight from the socket (repl-diskless-load), has ACLs, and from 6.2 FAILOVER',
  },
  {
    pattern: /^((redis[-_]?)?v?(7|8)(\.|$)|valkey)/,
    nearest: 'redis-7.0',
    differs:
      'later versions write a newer RDB format and add directives; the rules of PSYNC are those of 7.0',
  },
];

/** Other ways to write a profile that there is: `7.0`, `redis7`, `redis-7.0.15`. */
const SPELLINGS: readonly { readonly pattern: RegExp; readonly meant: ProfileName }[] = [
  { pattern: /^(redis[-_]?)?v?5(\.0(\.\d+)?)?$/, meant: 'redis-5.0' },
  { pattern: /^(redis[-_]?)?v?7(\.0(\.\d+)?)?$/, meant: 'redis-7.0' },
];

/** A profile that can be run. */
export function parseProfile(text: string, known: readonly ProfileName[]): ProfileName | Wrong {
  const name = PROFILE_NAMES.find((candidate) => candidate === text);
  if (name !== undefined && known.includes(name)) return name;
  const there = `there is ${known.join(' and ')}`;
  if (name !== undefined)
    return wrong(`the profile "${name}" is not built yet`, `${there}; a later release will have it`);
  const unknown = `there is no profile "${text.slice(0, 40)}"`;
  const spelling = SPELLINGS.find(({ pattern }) => pattern.test(text.toLowerCase()));
  if (spelling !== undefined) return wrong(unknown, `did you mean "${spelling.meant}"?`);
  const relative = RELATIVES.find(({ pattern }) => pattern.test(text.toLowerCase()));
  const near = relative?.nearest ?? nearest(text, PROFILE_NAMES) ?? known[0]!;
  const built = known.some((name) => name === near) ? '' : ', which is not built yet';
  const differs = relative === undefined ? there : relative.differs;
  return wrong(unknown, `the nearest is ${near}${built}\n${differs}`);
}
