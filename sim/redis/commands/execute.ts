import { updateCachedTime } from '../cron.ts';
import { Command, Text } from '../networking/bytes.ts';
import {
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_FORCE_AOF,
  CLIENT_FORCE_REPL,
  CLIENT_LUA,
  CLIENT_MASTER,
  CLIENT_MULTI,
  CLIENT_PREVENT_PROP,
  CLIENT_PREVENT_REPL_PROP,
  CLIENT_PUBSUB,
  type Client,
} from '../networking/client.ts';
import { addReply, addReplyError, shared } from '../networking/reply.ts';
import type { Profile } from '../profile.ts';
import { recordRefusedSync } from '../replication/psync-master.ts';
import { replicationFeedSlaves } from '../replication/replication-feed.ts';
import { REPL_STATE_CONNECTED } from '../server.ts';
import type { Redis } from '../system.ts';
import { handleClientsBlockedOnKeys, postponeCommand } from './blocked.ts';
import { CMD_LOADING, CMD_STALE, CMD_WRITE, lookupCommand, type RedisCommand } from './command-table.ts';
import { closedGateBeforeExec } from './gates-7.ts';
import { discardTransaction, flagTransaction, queueMultiCommand } from './multi.ts';
import { callAndCollect, noteForPropagation } from './propagation-7.ts';
import { fullName, subcommandError } from './subcommands-7.ts';

/** Whether `call` propagates what it runs: always, never (inside a script that is replicated as such). */
export type CallPropagation = 'propagate' | 'none';

/** The flags by which a command says how it is to be propagated. */
export const PROPAGATION_FLAGS = CLIENT_FORCE_AOF | CLIENT_FORCE_REPL | CLIENT_PREVENT_PROP;

/** How many bytes of its arguments the error for an unknown command quotes. */
const QUOTED_ARGUMENTS_LIMIT = 128;

/**
 * Runs a client's command, `c.argv`, or queues it in its MULTI, or answers why not. `command` is the same as it
 * came, and is what goes to the replicas where nothing rewrites it. False where the client's input is to be
 * left as it is: after QUIT (server.c processCommand).
 */
export function processCommand(
  redis: Redis,
  c: Client,
  command: Command = new Command([...c.argv]),
): boolean {
  const name = command.argv[0]!;
  if (name.length === 4 && name.toLowerCase() === 'quit') {
    addReply(redis, c, shared.ok);
    c.flags |= CLIENT_CLOSE_AFTER_REPLY;
    return false;
  }
  const cmd = lookupCommand(name, redis.profile.name);
  if (cmd === undefined || !takesArguments(cmd, command.argv.length)) {
    c.cmd = c.lastcmd = cmd?.name ?? '';
    flagTransaction(c);
    addReplyError(redis, c, cmd === undefined ? unknownCommand(redis.profile, command) : wrongArguments(cmd));
    return true;
  }
  c.cmd = c.lastcmd = cmd.name;
  const wrongSubcommand = subcommandError(redis.profile, command.argv);
  if (wrongSubcommand !== null) {
    flagTransaction(c);
    addReplyError(redis, c, wrongSubcommand);
    return true;
  }
  const { ordersGatesAnew } = redis.profile;
  const gate = ordersGatesAnew ? closedGateBeforeExec(redis, c, cmd) : closedGate(redis, c, cmd);
  if (gate === 'paused') {
    postponeCommand(redis, c, command);
    return true;
  }
  if (gate === 'panic') return false;
  if (gate !== null) {
    refuse(redis, c, cmd, gate);
    return true;
  }

  if ((c.flags & CLIENT_MULTI) !== 0 && !RUN_INSIDE_MULTI.has(cmd.name)) {
    queueMultiCommand(c, cmd, command);
    addReply(redis, c, shared.queued);
    return true;
  }
  call(redis, c, cmd, command, 'propagate');
  if (redis.server.suspendedExec === null) afterCommand(redis, c);
  return true;
}

/** What follows a command of a client's own, EXEC included, once it has run. */
export function afterCommand(redis: Redis, c: Client): void {
  c.woff = redis.server.masterReplOffset;
  if (redis.server.readyKeys.length > 0) handleClientsBlockedOnKeys(redis);
}

/** What a client in MULTI runs at once instead of queueing it. */
const RUN_INSIDE_MULTI: ReadonlySet<string> = new Set(['exec', 'discard', 'multi', 'watch']);
export const RUN_INSIDE_PUBSUB: ReadonlySet<string> = new Set([
  'ping',
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
]);

/** Whether a command takes so many arguments, its name included (the arity check of processCommand). */
export function takesArguments(cmd: RedisCommand, argc: number): boolean {
  return cmd.arity > 0 ? cmd.arity === argc : argc >= -cmd.arity;
}

/** Why a command is refused before it runs. */
export type Gate =
  | 'noauth'
  | 'no-multi'
  | 'disk-error'
  | 'noreplicas'
  | 'readonly'
  | 'pubsub'
  | 'masterdown'
  | 'loading'
  | 'replica'
  | 'paused'
  | 'panic';

/** The first gate in front of a command that is closed, in Redis's order; null where it may pass. */
function closedGate(redis: Redis, c: Client, cmd: RedisCommand): Gate | null {
  const { server } = redis;
  const isWrite = (cmd.flags & CMD_WRITE) !== 0;
  const isMaster = server.masterhost === null;
  if (server.requirepass !== null && !c.authenticated && cmd.name !== 'auth') return 'noauth';
  if (isMaster && (isWrite || cmd.name === 'ping') && writeCommandsDeniedByDiskError(redis))
    return 'disk-error';
  if (isWrite && redis.rules.notEnoughGoodSlaves(redis)) return 'noreplicas';
  if (!isMaster && isWrite && server.replSlaveRo && (c.flags & CLIENT_MASTER) === 0) return 'readonly';
  if ((c.flags & CLIENT_PUBSUB) !== 0 && !RUN_INSIDE_PUBSUB.has(cmd.name)) return 'pubsub';
  const linkDown = !isMaster && server.replState !== REPL_STATE_CONNECTED;
  if (linkDown && !server.replServeStaleData && (cmd.flags & CMD_STALE) === 0) return 'masterdown';
  return server.loading && (cmd.flags & CMD_LOADING) === 0 ? 'loading' : null;
}

const GATE_REPLIES: Readonly<Record<Exclude<Gate, 'pubsub' | 'disk-error' | 'paused' | 'panic'>, Text>> = {
  noauth: shared.noautherr,
  'no-multi': new Text('-ERR Command not allowed inside a transaction\r\n'),
  noreplicas: shared.noreplicaserr,
  readonly: shared.roslaveerr,
  masterdown: shared.masterdownerr,
  loading: shared.loadingerr,
  replica: shared.replicakeyspaceerr,
};
/** Gates that spoil the transaction whose command they refuse (flagTransaction). */
const SPOILS_TRANSACTION: ReadonlySet<Gate> = new Set(['noauth', 'disk-error', 'noreplicas', 'masterdown']);

/** Answers a command that a gate refuses. */
function refuse(redis: Redis, c: Client, cmd: RedisCommand, gate: Gate): void {
  const { ordersGatesAnew } = redis.profile;
  if (ordersGatesAnew || SPOILS_TRANSACTION.has(gate)) flagTransaction(c);
  if (cmd.name === 'psync' || cmd.name === 'sync') recordRefusedSync(redis, c, gate);
  const reply = gateReply(redis, c, gate);
  if (ordersGatesAnew && cmd.name === 'exec') {
    discardTransaction(redis, c);
    const reason = reply
      .text()
      .replace(/^-(ERR )?/, '')
      .trimEnd();
    addReplyError(redis, c, `-EXECABORT Transaction discarded because of: ${reason}`);
  } else if (reply.text().startsWith('-ERR ')) {
    addReplyError(redis, c, reply.text().slice('-ERR '.length).trimEnd());
  } else {
    addReply(redis, c, reply);
  }
}

/** The error of a gate. */
function gateReply({ profile }: Redis, c: Client, gate: Gate): Text {
  if (gate === 'paused' || gate === 'panic') throw new Error(`a gate that answers nothing: ${gate}`);
  if (gate === 'disk-error') return diskError(profile);
  if (gate !== 'pubsub') return GATE_REPLIES[gate];
  return new Text(`-ERR ${profile.pubsubContextError.replace('{}', fullName(profile, c.argv))}\r\n`);
}

/** The error for writes after a background save that failed. */
export function diskError({ ordersGatesAnew }: Profile): Text {
  return ordersGatesAnew ? shared.bgsaveerr7 : shared.bgsaveerr;
}

/** Whether writes are refused because the last background save failed (writeCommandsDeniedByDiskError). */
export function writeCommandsDeniedByDiskError(redis: Redis): boolean {
  const { server } = redis;
  return server.stopWritesOnBgsaveErr && server.saveparams.length > 0 && !server.lastbgsaveStatus;
}

/** Whether a master refuses writes because too few replicas are in sync (checkGoodReplicasStatus). */
export function notEnoughGoodSlaves({ server }: Redis): boolean {
  return (
    server.masterhost === null &&
    server.replMinSlavesToWrite > 0 &&
    server.replMinSlavesMaxLag > 0 &&
    server.replGoodSlavesCount < server.replMinSlavesToWrite
  );
}

/**
 * Runs a command and propagates it where it changed something or was forced: as it came, or as it rewrote
 * itself, then what it asked to be propagated besides (server.c call).
 */
export function call(
  redis: Redis,
  c: Client,
  cmd: RedisCommand,
  command: Command,
  propagation: CallPropagation,
): void {
  if (redis.profile.collectsPropagation) {
    callAndCollect(redis, c, cmd, command, propagation);
    return;
  }
  const { server } = redis;
  const oldFlags = c.flags;
  server.fixedTimeExpire++;
  c.flags &= ~PROPAGATION_FLAGS;
  const alsoFrom = server.alsoPropagate.length;
  c.rewritten = null;
  const dirtyBefore = server.dirty;
  updateCachedTime(redis);

  runCommand(redis, c, cmd);

  if ((c.flags & CLIENT_LUA) !== 0 && server.luaCaller !== null) {
    server.clients[server.luaCaller]!.flags |= c.flags & (CLIENT_FORCE_REPL | CLIENT_FORCE_AOF);
  }
  if (propagation === 'propagate') {
    const changed = server.dirty > dirtyBefore || (c.flags & CLIENT_FORCE_REPL) !== 0;
    const prevented = (c.flags & CLIENT_PREVENT_REPL_PROP) !== 0;
    if (changed && !prevented) propagate(redis, c.db, c.rewritten ?? command);
    for (let i = alsoFrom; i < server.alsoPropagate.length; i++) {
      const op = server.alsoPropagate[i]!;
      propagate(redis, op.db, op.command);
    }
  }
  c.rewritten = null;
  c.flags = (c.flags & ~PROPAGATION_FLAGS) | (oldFlags & PROPAGATION_FLAGS);
  if (server.alsoPropagate.length > alsoFrom) server.alsoPropagate.length = alsoFrom;
  server.fixedTimeExpire--;
  server.statNumcommands++;
}

/** Runs the code of a command. */
export function runCommand(redis: Redis, c: Client, cmd: RedisCommand): void {
  if (cmd.proc === null) addReplyError(redis, c, `psynclab does not simulate the command '${cmd.name}'`);
  else cmd.proc(redis, c);
}

/** Sends a command to the replicas and the backlog (server.c propagate). */
export function propagate(redis: Redis, dbid: number, command: Command): void {
  replicationFeedSlaves(redis, dbid, command);
  const { server, system } = redis;
  if (server.masterhost === null) system.propagated(command, server.masterReplOffset);
}

/** Propagates a command after the one being run (server.c alsoPropagate). */
export function alsoPropagate(redis: Redis, dbid: number, argv: readonly string[]): void {
  if (redis.profile.collectsPropagation) noteForPropagation(redis, dbid, new Command(argv));
  else if (!redis.server.loading) redis.server.alsoPropagate.push({ db: dbid, command: new Command(argv) });
}

/** Propagates the command being run whatever it changes (server.c forceCommandPropagation). */
export function forceCommandPropagation(c: Client): void {
  c.flags |= CLIENT_FORCE_REPL | CLIENT_FORCE_AOF;
}

/** Does not propagate the command being run, whatever it changes (server.c preventCommandPropagation). */
export function preventCommandPropagation(c: Client): void {
  c.flags |= CLIENT_PREVENT_PROP;
}

/** Propagates this instead of the command being run (networking.c rewriteClientCommandVector). */
export function rewriteClientCommandVector(c: Client, ...argv: readonly string[]): void {
  c.rewritten = new Command(argv);
}

function unknownCommand({ wordsErrorsAnew }: Profile, { argv }: Command): string {
  let args = '';
  if (wordsErrorsAnew) {
    for (let i = 1; i < argv.length && args.length < QUOTED_ARGUMENTS_LIMIT; i++) {
      args += `'${argv[i]!.slice(0, QUOTED_ARGUMENTS_LIMIT - args.length)}' `;
    }
    const name = argv[0]!.slice(0, QUOTED_ARGUMENTS_LIMIT);
    return `unknown command '${name}', with args beginning with: ${args}`.replace(/[\r\n]/g, ' ');
  }
  for (let i = 1; i < argv.length && args.length < QUOTED_ARGUMENTS_LIMIT; i++) {
    args += `\`${argv[i]!.slice(0, QUOTED_ARGUMENTS_LIMIT - args.length)}\`, `;
  }
  return `unknown command \`${argv[0]}\`, with args beginning with: ${args}`.replace(/[\r\n]/g, ' ');
}

function wrongArguments(cmd: RedisCommand): string {
  return `wrong number of arguments for '${cmd.name}' command`;
}
