import { addReplySubcommandSyntaxError } from '../commands/arguments.ts';
import { stringmatch } from '../commands/glob.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyArrayLen, addReplyBulk, addReplyError, shared } from '../networking/reply.ts';
import { type Redis, serverLog } from '../system.ts';
import { applyDirective, currentValue, rewrittenConfig } from './config.ts';
import { configSetSeveral } from './config-set-7.ts';
import { directivesOf, lookupDirective } from './config-table.ts';

/** CONFIG GET, SET, REWRITE and RESETSTAT (config.c configCommand). */
export function configCommand(redis: Redis, c: Client): void {
  const { argv } = c;
  const subcommand = argv[1]!.toLowerCase();
  const { explainsConfigErrors } = redis.profile;
  if (redis.server.loading && subcommand !== 'get' && !explainsConfigErrors) {
    addReplyError(redis, c, 'Only CONFIG GET is allowed during loading');
  } else if (subcommand === 'set' && explainsConfigErrors) {
    configSetSeveral(redis, c);
  } else if (subcommand === 'set' && argv.length === 4) {
    configSetCommand(redis, c);
  } else if (subcommand === 'get' && argv.length === 3) {
    configGetCommand(redis, c);
  } else if (subcommand === 'resetstat' && argv.length === 2) {
    resetServerStats(redis);
    addReply(redis, c, shared.ok);
  } else if (subcommand === 'rewrite' && argv.length === 2) {
    redis.system.rewriteConfig(rewrittenConfig(redis));
    serverLog(redis, 'warning', 'CONFIG REWRITE executed with success.');
    addReply(redis, c, shared.ok);
  } else {
    addReplySubcommandSyntaxError(redis, c);
  }
}

/** CONFIG GET pattern. The master is one directive under two names, of which it shows one. */
function configGetCommand(redis: Redis, c: Client): void {
  const pattern = c.argv[2]!;
  const found: string[] = [];
  for (const directive of directivesOf(redis.profile.name)) {
    if (!directive.gettable) continue;
    const names = directive.names.filter((name) => stringmatch(pattern, name, true));
    if (directive.name === 'replicaof') names.splice(1);
    for (const name of names) found.push(name, currentValue(redis, directive));
  }
  addReplyArrayLen(redis, c, found.length);
  for (const text of found) addReplyBulk(redis, c, text);
}

/** Directives whose value is split into words by CONFIG SET. */
export const LISTS: ReadonlySet<string> = new Set(['save', 'client-output-buffer-limit']);

/** CONFIG SET parameter value. */
function configSetCommand(redis: Redis, c: Client): void {
  const [, , name, text] = c.argv as [string, string, string, string];
  const directive = lookupDirective(name, redis.profile.name);
  if (directive === undefined || !directive.settable) {
    addReplyError(redis, c, `Unsupported CONFIG parameter: ${name}`);
    return;
  }
  if (directive.name === 'dbfilename' && directive.parse([text]) === undefined) {
    addReplyError(redis, c, "dbfilename can't be a path, just a filename");
    return;
  }
  const words = LISTS.has(directive.name) ? text.split(' ') : [text];
  const value = text === '' && directive.name === 'client-output-buffer-limit' ? '' : directive.parse(words);
  if (value === undefined) {
    addReplyError(redis, c, `Invalid argument '${text}' for CONFIG SET '${name}'`);
    return;
  }
  applyDirective(redis, directive, value);
  addReply(redis, c, shared.ok);
}

/** Counters of INFO go back to zero (server.c resetServerStats). */
function resetServerStats({ server }: Redis): void {
  server.statNumcommands = 0;
  server.statNumconnections = 0;
  server.statExpiredkeys = 0;
  server.statSyncFull = 0;
  server.statSyncPartialOk = 0;
  server.statSyncPartialErr = 0;
}
