import type { Text } from '../networking/bytes.ts';
import type { Client } from '../networking/client.ts';
import { shared } from '../networking/reply.ts';
import type { Profile } from '../profile.ts';

/** How SET and its kin set: only if the key is (not) there, and for how long. */
export interface SetOptions {
  readonly condition: 'nx' | 'xx' | null;
  /** The argument that gives the time to live, its unit in milliseconds, and whether it is a point in time. */
  readonly expire: string | null;
  readonly unitMs: number;
  readonly isAbsolute: boolean;
  /** Whether the key keeps its time to live, and whether its old value is the reply. */
  readonly keepTtl: boolean;
  readonly get: boolean;
  readonly done: Text;
  readonly refused: Text;
}

export const PLAIN: SetOptions = {
  condition: null,
  expire: null,
  unitMs: 0,
  isAbsolute: false,
  keepTtl: false,
  get: false,
  done: shared.ok,
  refused: shared.nil,
};

/** The options that give a time to live; those that name a point in time came with Redis 6.2. */
export const TIMES: ReadonlyMap<string, { readonly unitMs: number; readonly isAbsolute: boolean }> = new Map([
  ['ex', { unitMs: 1000, isAbsolute: false }],
  ['px', { unitMs: 1, isAbsolute: false }],
  ['exat', { unitMs: 1000, isAbsolute: true }],
  ['pxat', { unitMs: 1, isAbsolute: true }],
]);

/** SET's options as they stand after key and value; undefined for a syntax error (parseExtendedStringArgumentsOrReply). */
export function parseSetOptions({ extendedSet }: Profile, { argv }: Client): SetOptions | undefined {
  let options = PLAIN;
  let timeOption: string | null = null;
  for (let i = 3; i < argv.length; i++) {
    const option = argv[i]!.toLowerCase();
    const time = TIMES.get(option);
    if (option === 'nx' && options.condition !== 'xx') options = { ...options, condition: 'nx' };
    else if (option === 'xx' && options.condition !== 'nx') options = { ...options, condition: 'xx' };
    else if (option === 'get' && extendedSet) options = { ...options, get: true };
    else if (option === 'keepttl' && extendedSet && timeOption === null)
      options = { ...options, keepTtl: true };
    else if (time !== undefined && (extendedSet || !time.isAbsolute)) {
      const expire = argv[++i];
      if (expire === undefined || options.keepTtl || (timeOption ?? option) !== option) return undefined;
      timeOption = option;
      options = { ...options, ...time, expire };
    } else return undefined;
  }
  return options;
}
