import type { Profile } from '../profile.ts';
import { flagBits, type RedisCommand } from './command-table.ts';

/**
 * The subcommands of the containers we simulate, each with its arity and its flags in the letters of the command
 * table: src/commands/ of Redis 7.0.15. Containers have no flags of their own.
 */
const SUBCOMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  client: {
    caching: '3 slt',
    getname: '2 slt',
    getredir: '2 slt',
    help: '2 lt',
    id: '2 slt',
    info: '2 slt',
    kill: '-3 aslt',
    list: '-2 aslt',
    'no-evict': '3 aslt',
    pause: '-3 aslt',
    reply: '3 slt',
    setname: '3 slt',
    tracking: '-3 slt',
    trackinginfo: '2 slt',
    unblock: '-3 aslt',
    unpause: '2 aslt',
  },
  command: {
    count: '2 lt',
    docs: '-2 lt',
    getkeys: '-4 lt',
    getkeysandflags: '-4 lt',
    help: '2 lt',
    info: '-2 lt',
    list: '-2 lt',
  },
  config: { get: '-3 aslt', help: '2 lt', resetstat: '2 aslt', rewrite: '2 aslt', set: '-4 aslt' },
  script: { debug: '3 s', exists: '-3 s', flush: '-2 s', help: '2 lt', kill: '2 sb', load: '3 st' },
};

/** What the table says of the subcommand that a command names; null where it names none that exists, undefined where none are asked for. */
function subcommandRow({ hasSubcommands }: Profile, argv: readonly string[]): string | null | undefined {
  const subcommands = hasSubcommands ? SUBCOMMANDS[argv[0]!.toLowerCase()] : undefined;
  if (subcommands === undefined || argv.length === 1) return undefined;
  return subcommands[argv[1]!.toLowerCase()] ?? null;
}

/** The flags of a command, or those of the subcommand that it names. */
export function flagsOf(profile: Profile, { flags }: RedisCommand, argv: readonly string[]): number {
  const row = subcommandRow(profile, argv);
  return typeof row === 'string' ? flagBits(row.split(' ')[1]!) : flags;
}

/** A command as errors name it: a subcommand with its container. */
export function fullName(profile: Profile, argv: readonly string[]): string {
  const [name = '', sub = ''] = argv;
  return typeof subcommandRow(profile, argv) === 'string'
    ? `${name.toLowerCase()}|${sub.toLowerCase()}`
    : name.toLowerCase();
}

/** Whether a container has no such subcommand (server.c commandCheckExistence). */
export function unknownSubcommand(profile: Profile, argv: readonly string[]): boolean {
  return subcommandRow(profile, argv) === null;
}

/** Whether a subcommand does not take so many arguments (server.c commandCheckArity). */
export function wrongSubcommandArity(profile: Profile, argv: readonly string[]): boolean {
  const arity = Number.parseInt(subcommandRow(profile, argv) ?? '0', 10);
  return arity > 0 ? arity !== argv.length : argv.length < -arity;
}

/** What is wrong with the subcommand that a command names, or null. */
export function subcommandError(profile: Profile, argv: readonly string[]): string | null {
  const [name = '', sub = ''] = argv;
  if (unknownSubcommand(profile, argv)) {
    const quoted = sub.slice(0, 128).replace(/[\r\n]/g, ' ');
    return `unknown subcommand '${quoted}'. Try ${name.toUpperCase()} HELP.`;
  }
  if (!wrongSubcommandArity(profile, argv)) return null;
  return `wrong number of arguments for '${fullName(profile, argv)}' command`;
}
