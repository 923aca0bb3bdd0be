import type { Client } from '../networking/client.ts';
import type { ProfileName } from '../profile.ts';
import type { Redis } from '../system.ts';
import { COMMANDS_REDIS_5_0 } from './command-table-redis-5.0.ts';
import { COMMANDS_REDIS_7_0 } from './command-table-redis-7.0.ts';
import { commandProc } from './commands.ts';

/** Runs a command whose gates have all been passed; its arguments are `c.argv`. */
export type CommandProc = (redis: Redis, c: Client) => void;

/** Command flags, with the bits of Redis 5's server.h. */
export const CMD_WRITE = 1 << 0;
export const CMD_READONLY = 1 << 1;
export const CMD_DENYOOM = 1 << 2;
export const CMD_ADMIN = 1 << 4;
export const CMD_PUBSUB = 1 << 5;
export const CMD_NOSCRIPT = 1 << 6;
export const CMD_RANDOM = 1 << 7;
export const CMD_SORT_FOR_SCRIPT = 1 << 8;
export const CMD_LOADING = 1 << 9;
export const CMD_STALE = 1 << 10;
export const CMD_SKIP_MONITOR = 1 << 11;
export const CMD_ASKING = 1 << 12;
export const CMD_FAST = 1 << 13;
/* What only later versions tell of their commands. */
export const CMD_BLOCKING = 1 << 14;
export const CMD_NO_AUTH = 1 << 15;
export const CMD_MAY_REPLICATE = 1 << 16;
export const CMD_NO_MULTI = 1 << 17;
export const CMD_ALLOW_BUSY = 1 << 18;
export const CMD_NO_ASYNC_LOADING = 1 << 19;
export const CMD_SKIP_SLOWLOG = 1 << 20;
export const CMD_MOVABLE_KEYS = 1 << 21;
export const CMD_NO_MANDATORY_KEYS = 1 << 22;

/** The letters of the table's flag column (server.c populateCommandTable), and COMMAND's words for them, if any. */
const FLAGS: Readonly<Record<string, { readonly bit: number; readonly word: string }>> = {
  w: { bit: CMD_WRITE, word: 'write' },
  r: { bit: CMD_READONLY, word: 'readonly' },
  m: { bit: CMD_DENYOOM, word: 'denyoom' },
  a: { bit: CMD_ADMIN, word: 'admin' },
  p: { bit: CMD_PUBSUB, word: 'pubsub' },
  s: { bit: CMD_NOSCRIPT, word: 'noscript' },
  R: { bit: CMD_RANDOM, word: 'random' },
  S: { bit: CMD_SORT_FOR_SCRIPT, word: 'sort_for_script' },
  l: { bit: CMD_LOADING, word: 'loading' },
  t: { bit: CMD_STALE, word: 'stale' },
  M: { bit: CMD_SKIP_MONITOR, word: 'skip_monitor' },
  k: { bit: CMD_ASKING, word: 'asking' },
  F: { bit: CMD_FAST, word: 'fast' },
  B: { bit: CMD_BLOCKING, word: 'blocking' },
  A: { bit: CMD_NO_AUTH, word: 'no_auth' },
  X: { bit: CMD_NO_MULTI, word: 'no_multi' },
  b: { bit: CMD_ALLOW_BUSY, word: 'allow_busy' },
  N: { bit: CMD_NO_ASYNC_LOADING, word: 'no_async_loading' },
  Q: { bit: CMD_SKIP_SLOWLOG, word: 'skip_slowlog' },
  V: { bit: CMD_MOVABLE_KEYS, word: 'movablekeys' },
  K: { bit: CMD_NO_MANDATORY_KEYS, word: 'no_mandatory_keys' },
  P: { bit: CMD_MAY_REPLICATE, word: '' },
};

export interface RedisCommand {
  readonly name: string;
  /** Number of arguments with the name; negative: at least so many. */
  readonly arity: number;
  readonly flags: number;
  readonly firstKey: number;
  readonly lastKey: number;
  readonly keyStep: number;
  /** What runs it; null where the command exists and is not simulated. */
  readonly proc: CommandProc | null;
  readonly simulated: boolean;
}

const TABLES: Readonly<Record<ProfileName, string>> = {
  'redis-5.0': COMMANDS_REDIS_5_0,
  'redis-7.0': COMMANDS_REDIS_7_0,
};

const tables = new Map<ProfileName, ReadonlyMap<string, RedisCommand>>();

/** A command of a version by its name, in any case; undefined where that version has none (lookupCommand). */
export function lookupCommand(name: string, profile: ProfileName): RedisCommand | undefined {
  const table = tableOf(profile);
  return table.get(name) ?? table.get(name.toLowerCase());
}

/** The names of a version's commands, in the order of its own table. */
export function commandNames(profile: ProfileName): string[] {
  return [...tableOf(profile).keys()].filter((name) => name === name.toLowerCase());
}

/** The words COMMAND prints for a command's flags. */
export function flagWords(command: RedisCommand): string[] {
  return Object.values(FLAGS)
    .filter(({ bit, word }) => (command.flags & bit) !== 0 && word !== '')
    .map(({ word }) => word);
}

/** A version's commands under their lower-case and their upper-case names. */
function tableOf(profile: ProfileName): ReadonlyMap<string, RedisCommand> {
  const known = tables.get(profile);
  if (known !== undefined) return known;
  const text = TABLES[profile];
  const table = new Map<string, RedisCommand>();
  for (const line of text.trim().split('\n')) {
    const command = parseLine(line.trim());
    table.set(command.name, command);
    table.set(command.name.toUpperCase(), command);
  }
  tables.set(profile, table);
  return table;
}

/** The flags that letters stand for. */
export function flagBits(letters: string): number {
  let flags = 0;
  for (const letter of letters) flags |= FLAGS[letter]!.bit;
  return flags;
}

function parseLine(line: string): RedisCommand {
  const [name = '', arity, letters = '', first, last, step] = line.split(' ');
  const proc = commandProc(name);
  return {
    name,
    arity: Number(arity),
    flags: letters === '-' ? 0 : flagBits(letters),
    firstKey: Number(first),
    lastKey: Number(last),
    keyStep: Number(step),
    proc,
    simulated: proc !== null,
  };
}
