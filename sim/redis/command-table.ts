import type { Client } from './client.ts';
import { COMMANDS_REDIS_5_0 } from './command-table-redis-5.0.ts';
import { commandProc } from './commands.ts';
import type { ProfileName } from './profile.ts';
import type { Redis } from './system.ts';

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

/** The letters of the table's flag column (server.c populateCommandTable), and COMMAND's words for them. */
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

const TABLES: Readonly<Partial<Record<ProfileName, string>>> = { 'redis-5.0': COMMANDS_REDIS_5_0 };

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
    .filter(({ bit }) => (command.flags & bit) !== 0)
    .map(({ word }) => word);
}

/** A version's commands under their lower-case and their upper-case names. */
function tableOf(profile: ProfileName): ReadonlyMap<string, RedisCommand> {
  const known = tables.get(profile);
  if (known !== undefined) return known;
  const text = TABLES[profile];
  if (text === undefined) throw new RangeError(`no command table for the profile ${profile}`);
  const table = new Map<string, RedisCommand>();
  for (const line of text.trim().split('\n')) {
    const command = parseLine(line.trim());
    table.set(command.name, command);
    table.set(command.name.toUpperCase(), command);
  }
  tables.set(profile, table);
  return table;
}

function parseLine(line: string): RedisCommand {
  const [name = '', arity, letters = '', first, last, step] = line.split(' ');
  let flags = 0;
  for (const letter of letters) flags |= FLAGS[letter]!.bit;
  const proc = commandProc(name);
  return {
    name,
    arity: Number(arity),
    flags,
    firstKey: Number(first),
    lastKey: Number(last),
    keyStep: Number(step),
    proc,
    simulated: proc !== null,
  };
}
