import type { Profile } from '../profile.ts';

/** The subcommands of the containers we simulate, with their arity: `*|argc` of Redis 7.0.15's src/commands/. */
const SUBCOMMANDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  client: {
    caching: 3,
    getname: 2,
    getredir: 2,
    help: 2,
    id: 2,
    info: 2,
    kill: -3,
    list: -2,
    'no-evict': 3,
    pause: -3,
    reply: 3,
    setname: 3,
    tracking: -3,
    trackinginfo: 2,
    unblock: -3,
    unpause: 2,
  },
  command: { count: 2, docs: -2, getkeys: -4, getkeysandflags: -4, help: 2, info: -2, list: -2 },
  config: { get: -3, help: 2, resetstat: 2, rewrite: 2, set: -4 },
  script: { debug: 3, exists: -3, flush: -2, help: 2, kill: 2, load: 3 },
};

/** The arity of the subcommand that a command names; null where it names none that exists, undefined where none are asked for. */
function subcommandArity({ hasSubcommands }: Profile, argv: readonly string[]): number | null | undefined {
  const subcommands = hasSubcommands ? SUBCOMMANDS[argv[0]!.toLowerCase()] : undefined;
  if (subcommands === undefined || argv.length === 1) return undefined;
  return subcommands[argv[1]!.toLowerCase()] ?? null;
}

/** A command as errors name it: a subcommand with its container. */
export function fullName(profile: Profile, argv: readonly string[]): string {
  const [name = '', sub = ''] = argv;
  return typeof subcommandArity(profile, argv) === 'number'
    ? `${name.toLowerCase()}|${sub.toLowerCase()}`
    : name.toLowerCase();
}

/** Whether a container has no such subcommand (server.c commandCheckExistence). */
export function unknownSubcommand(profile: Profile, argv: readonly string[]): boolean {
  return subcommandArity(profile, argv) === null;
}

/** Whether a subcommand does not take so many arguments (server.c commandCheckArity). */
export function wrongSubcommandArity(profile: Profile, argv: readonly string[]): boolean {
  const arity = subcommandArity(profile, argv) ?? 0;
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
