import { splitArguments } from '../../sim/redis/commands/split-arguments.ts';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { type Addresses, addressOf, hostOf } from './addresses.ts';
import type { Catalog } from './catalog.ts';
import { type CommandTemplate, commandTemplate } from './command-template.ts';
import { type Context, parsed } from './context.ts';
import { suggest } from './nearest.ts';
import { isWrong, type Wrong, wrong } from './problems.ts';
import { portOf } from './resolve-nodes.ts';
import { items, type Tree } from './tree.ts';

/**
 * The commands of a `run:`, one text or a list. A command must exist in the Redis of some profile that the
 * nodes run, be simulated, and have a number of arguments that Redis takes.
 */
export function resolveCommands(
  tree: Tree | undefined,
  profiles: readonly ProfileName[],
  context: Context,
): CommandTemplate[] {
  if (tree?.kind === 'list' && tree.items.length === 0)
    context.problems.report(tree.position, 'a command is missing');
  return items(tree).flatMap(
    (item) => parsed(context, item, (text) => resolveCommand(text, profiles, context)) ?? [],
  );
}

function resolveCommand(
  text: string,
  profiles: readonly ProfileName[],
  context: Context,
): CommandTemplate | Wrong {
  const args = splitArguments(Buffer.from(text, 'utf8').toString('latin1'));
  if (args === undefined)
    return wrong('the quotes in this command do not match', 'it is split as redis-cli splits a line');
  const name = args[0];
  if (name === undefined) return wrong('a command is missing');
  const named = nameMaster(args, context);
  if (isWrong(named)) return named;
  const fault =
    checkCommand(name, named.length, profiles, context.catalog) ??
    checkConfigSet(named, profiles, context.catalog);
  return fault ?? commandTemplate(text, named);
}

function checkCommand(
  name: string,
  argc: number,
  profiles: readonly ProfileName[],
  catalog: Catalog,
): Wrong | null {
  if (/[{}]/.test(name))
    return wrong(`"${name.slice(0, 40)}" is no command`, "a command's name cannot be a placeholder");
  let fault: Wrong | null = null;
  for (const profile of profiles) {
    const command = catalog.lookupCommand(name, profile);
    if (command === undefined) {
      const hint = suggest(
        name.toUpperCase(),
        catalog.commandNames(profile).map((known) => known.toUpperCase()),
      );
      fault ??= wrong(`${profile} has no command "${name.slice(0, 40)}"`, hint);
    } else if (!command.simulated) {
      fault ??= wrong(`${name.toUpperCase()} is a command of Redis that psynclab does not simulate`);
    } else if (command.arity > 0 ? argc !== command.arity : argc < -command.arity) {
      fault ??= wrong(`${name.toUpperCase()} takes ${arityText(command.arity)}, not ${argc - 1}`);
    } else return null;
  }
  return fault;
}

function arityText(arity: number): string {
  const count = Math.abs(arity) - 1;
  const noun = count === 1 ? 'argument' : 'arguments';
  if (arity < 0) return `at least ${count} ${noun}`;
  return count === 0 ? 'no arguments' : `${count} ${noun}`;
}

/** `REPLICAOF A` and `FAILOVER TO A` spelled out with A's address; the same for the host of `REPLICAOF A 6379`. */
function nameMaster(args: readonly string[], context: Context): readonly string[] | Wrong {
  const command = args[0]!.toUpperCase();
  const isFailover = command === 'FAILOVER';
  if (command !== 'REPLICAOF' && command !== 'SLAVEOF' && !isFailover) return args;
  const addresses = { names: context.names, port: (node: string) => portOf(context.nodes.get(node)?.config) };
  if (isFailover) return nameTarget(args, addresses);
  if (args.length === 2) {
    const address = addressOf(args[1]!, addresses);
    return isWrong(address) ? address : [args[0]!, ...address];
  }
  return [args[0]!, hostOf(args[1]!, addresses), ...args.slice(2)];
}

/** The target of FAILOVER: a name, or host and port, where the host may be a name. */
function nameTarget(args: readonly string[], addresses: Addresses): readonly string[] | Wrong {
  const at = args.findIndex((arg) => arg.toUpperCase() === 'TO') + 1;
  const host = args[at];
  if (at === 0 || host === undefined) return args;
  const hasPort = /^\d+$/.test(args[at + 1] ?? '');
  const address = hasPort ? [hostOf(host, addresses)] : addressOf(host, addresses);
  return isWrong(address) ? address : [...args.slice(0, at), ...address, ...args.slice(at + 1)];
}

/** `CONFIG SET` of a directive that does not exist. */
function checkConfigSet(
  args: readonly string[],
  profiles: readonly ProfileName[],
  catalog: Catalog,
): Wrong | null {
  const [command = '', sub = '', name = ''] = args;
  if (command.toUpperCase() !== 'CONFIG' || sub.toUpperCase() !== 'SET' || /[{}]/.test(name)) return null;
  if (profiles.some((profile) => catalog.lookupDirective(name.toLowerCase(), profile) !== undefined))
    return null;
  const profile = profiles[0];
  // Where the commands go is wrong, and has been told; there is no version to ask.
  if (profile === undefined) return null;
  return wrong(
    `${profile} has no directive "${name.slice(0, 60)}"`,
    suggest(name, catalog.directiveNames(profile)),
  );
}
