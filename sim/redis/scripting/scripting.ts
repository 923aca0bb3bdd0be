import { addReplySubcommandSyntaxError, getLongLongFromObjectOrReply } from '../commands/arguments.ts';
import { CMD_NOSCRIPT, CMD_RANDOM, CMD_WRITE, lookupCommand } from '../commands/command-table.ts';
import {
  alsoPropagate,
  call,
  diskError,
  forceCommandPropagation,
  preventCommandPropagation,
  rewriteClientCommandVector,
  takesArguments,
  writeCommandsDeniedByDiskError,
} from '../commands/execute.ts';
import { formatDouble } from '../commands/float-text.ts';
import { execCommandPropagateMulti } from '../commands/multi.ts';
import { flagsOf, unknownSubcommand, wrongSubcommandArity } from '../commands/subcommands-7.ts';
import { peekText } from '../networking/byte-queue.ts';
import { type Bytes, Command } from '../networking/bytes.ts';
import { CLIENT_LUA, CLIENT_MASTER, CLIENT_MULTI, type Client, newClient } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyText,
  shared,
} from '../networking/reply.ts';
import type { Profile } from '../profile.ts';
import { REPL_STATE_CONNECTED, type RedisServer } from '../server.ts';
import { mstime, NO_FD, type Redis } from '../system.ts';
import {
  replicationScriptCacheAdd,
  replicationScriptCacheExists,
  replicationScriptCacheFlush,
} from './script-cache.ts';
import { parseScript, type Script, type ScriptError, type ScriptExpression } from './script-parser.ts';
import { sha1hex } from './sha1.ts';

/** A value in a script: what a reply becomes, nil and false alike being null. */
type LuaValue =
  | string
  | number
  | null
  | { readonly ok: string }
  | { readonly err: string }
  | readonly LuaValue[];

/** An error that ends a script. */
class ScriptFailure extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** A script's run: who runs it, with which arguments, through which client. */
interface Run {
  readonly redis: Redis;
  readonly caller: Client;
  readonly lua: Client;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** Whether its effects are replicated, not the script (`lua_replicate_commands`). */
  effects: boolean;
}

/** Makes a script known by its digest, which it returns (the storing half of scripting.c luaCreateFunction). */
export function registerScript(redis: Redis, body: string): string {
  const sha = sha1hex(body);
  redis.server.scripts[sha] = body;
  return sha;
}

/** EVAL script numkeys key [key ...] arg [arg ...]. */
export function evalCommand(redis: Redis, c: Client): void {
  evalGenericCommand(redis, c, null);
}

/** EVALSHA digest numkeys key [key ...] arg [arg ...]. */
export function evalShaCommand(redis: Redis, c: Client): void {
  evalGenericCommand(redis, c, c.argv[1]!.toLowerCase());
}

/** Runs a script and says how it is propagated (scripting.c evalGenericCommand). */
function evalGenericCommand(redis: Redis, c: Client, evalsha: string | null): void {
  const { server } = redis;
  if (evalsha !== null && evalsha.length !== 40) {
    addReply(redis, c, shared.noscripterr);
    return;
  }
  const dirtyBefore = server.dirty;
  const numkeys = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (numkeys === undefined) return;
  if (numkeys > c.argv.length - 3) {
    addReplyError(redis, c, "Number of keys can't be greater than number of args");
    return;
  }
  if (numkeys < 0) {
    addReplyError(redis, c, "Number of keys can't be negative");
    return;
  }
  const body = evalsha === null ? c.argv[1]! : server.scripts[evalsha];
  if (body === undefined) {
    addReply(redis, c, shared.noscripterr);
    return;
  }
  const script = parseScript(body);
  if ('reason' in script) {
    addReplyError(redis, c, compilationError(script));
    return;
  }
  const sha = evalsha ?? registerScript(redis, body);
  if (redis.profile.ordersGatesAnew && runsStale(server)) {
    addReply(redis, c, shared.masterdownerr);
    return;
  }
  const lua = newClient(0, NO_FD, server.unixtime);
  lua.flags = CLIENT_LUA;
  lua.db = c.db;
  const keys = c.argv.slice(3, 3 + numkeys);
  const args = c.argv.slice(3 + numkeys);
  const { collectsPropagation } = redis.profile;
  const effects = collectsPropagation || server.luaReplicateCommands;
  const run: Run = { redis, caller: c, lua, keys, args, effects };

  runScript(run, script, sha);

  if (run.effects) {
    preventCommandPropagation(c);
    if (server.luaMultiEmitted) alsoPropagate(redis, c.db, ['EXEC']);
  } else if (evalsha !== null && !replicationScriptCacheExists(redis, evalsha)) {
    replicationScriptCacheAdd(redis, evalsha);
    if (server.dirty === dirtyBefore) rewriteClientCommandVector(c, 'SCRIPT', 'LOAD', body);
    else rewriteClientCommandVector(c, 'EVAL', body, ...c.argv.slice(2));
    forceCommandPropagation(c);
  }
}

/** Whether a replica without its master serves nothing (script.c scriptPrepareForRun). */
function runsStale(server: RedisServer): boolean {
  return (
    server.masterhost !== null && server.replState !== REPL_STATE_CONNECTED && !server.replServeStaleData
  );
}

function runScript(run: Run, script: Script, sha: string): void {
  const { redis, caller } = run;
  const { server } = redis;
  server.luaRandomDirty = false;
  server.luaWriteDirty = false;
  server.luaMultiEmitted = false;
  server.luaCaller = caller.id;
  server.luaTimeStart = mstime(redis);
  try {
    for (const statement of script.statements) evaluate(run, statement);
    const result = script.result === null ? null : evaluate(run, script.result);
    addReplyText(redis, caller, replyOf(result));
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    const text = redis.profile.ordersGatesAnew
      ? `-${error.message} script: ${sha}, on @user_script:${error.line}.`
      : `Error running script (call to f_${sha}): ${error.message} `;
    addReplyError(redis, caller, text);
  } finally {
    server.luaCaller = null;
  }
}

function evaluate(run: Run, expression: ScriptExpression): LuaValue {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'argument') {
    return (expression.array === 'KEYS' ? run.keys : run.args)[expression.index - 1] ?? null;
  }
  if (expression.name === 'replicate_commands') {
    if (!run.redis.server.luaWriteDirty) run.effects = true;
    return run.effects ? 1 : null;
  }
  const args = expression.args.map((arg) => evaluate(run, arg));
  const value = luaRedisGenericCommand(run, args, expression.line);
  if (expression.name === 'call' && isError(value)) {
    const { line } = expression;
    const isPlain = run.redis.profile.ordersGatesAnew;
    throw new ScriptFailure(isPlain ? value.err : `@user_script:${line}: ${value.err}`, line);
  }
  return value;
}

function isError(value: LuaValue): value is { readonly err: string } {
  return typeof value === 'object' && value !== null && 'err' in value;
}

/** Runs one command of a script; errors are values (scripting.c luaRedisGenericCommand). */
function luaRedisGenericCommand(run: Run, values: readonly LuaValue[], line: number): LuaValue {
  const { redis, caller, lua } = run;
  const { server } = redis;
  const fail = (reason: string): LuaValue => {
    if (!redis.profile.ordersGatesAnew) return { err: `@user_script: ${line}: ${reason}` };
    return { err: reason.startsWith('-') ? reason.slice(1) : `ERR ${reason}` };
  };

  if (server.luaMultiEmitted || (caller.flags & CLIENT_MULTI) !== 0) lua.flags |= CLIENT_MULTI;
  else lua.flags &= ~CLIENT_MULTI;
  const { wordsErrorsAnew } = redis.profile;
  if (values.length === 0) {
    return fail(
      `Please specify at least one argument for ${wordsErrorsAnew ? 'this redis lib call' : 'redis.call()'}`,
    );
  }
  const argv: string[] = [];
  for (const value of values) {
    if (typeof value !== 'string' && typeof value !== 'number') {
      const library = wordsErrorsAnew ? 'redis lib' : 'redis()';
      return fail(`Lua ${library} command arguments must be strings or integers`);
    }
    argv.push(typeof value === 'number' ? formatDouble(value) : value);
  }
  const cmd = lookupCommand(argv[0]!, redis.profile.name);
  if (cmd === undefined || unknownSubcommand(redis.profile, argv)) {
    return fail(`Unknown Redis command called from ${wordsErrorsAnew ? '' : 'Lua '}script`);
  }
  if (!takesArguments(cmd, argv.length) || wrongSubcommandArity(redis.profile, argv)) {
    return fail(`Wrong number of args calling Redis command ${wordsErrorsAnew ? 'from' : 'From Lua'} script`);
  }
  if ((flagsOf(redis.profile, cmd, argv) & CMD_NOSCRIPT) !== 0) {
    return fail(`This Redis command is not allowed from script${wordsErrorsAnew ? '' : 's'}`);
  }
  if ((cmd.flags & CMD_WRITE) !== 0) {
    const refusal = writeRefusal(run);
    if (refusal !== null) return fail(refusal);
    server.luaWriteDirty = true;
  }
  if ((cmd.flags & CMD_RANDOM) !== 0) server.luaRandomDirty = true;
  const inMulti = (caller.flags & CLIENT_MULTI) !== 0;
  const sendsMulti = run.effects && !redis.profile.collectsPropagation;
  if (sendsMulti && !server.luaMultiEmitted && !inMulti && server.luaWriteDirty) {
    execCommandPropagateMulti(redis, caller.db);
    server.luaMultiEmitted = true;
  }
  const command = new Command(argv);
  lua.argv = command.argv;
  lua.cmd = lua.lastcmd = cmd.name;
  call(redis, lua, cmd, command, run.effects ? 'propagate' : 'none');
  return takeReply(lua);
}

/** Why a script may not write now, or null. */
function writeRefusal({ redis, caller, effects }: Run): string | null {
  const { server, profile } = redis;
  // What has begun to write is let through to its end.
  if (profile.ordersGatesAnew && server.luaWriteDirty) return null;
  if (server.luaRandomDirty && !effects) {
    return (
      'Write commands not allowed after non deterministic commands. Call redis.replicate_commands() at the ' +
      'start of your script in order to switch to single commands replication mode.'
    );
  }
  const fromMaster = (caller.flags & CLIENT_MASTER) !== 0;
  if (server.masterhost !== null && server.replSlaveRo && !server.loading && !fromMaster) {
    return errorText(profile, shared.roslaveerr);
  }
  if (writeCommandsDeniedByDiskError(redis)) return errorText(profile, diskError(profile));
  const isShort = profile.ordersGatesAnew && redis.rules.notEnoughGoodSlaves(redis);
  return isShort ? errorText(profile, shared.noreplicaserr) : null;
}

/** The text of a reply as a script's error: 5.0 takes its line end with it, and makes that blanks in the end. */
function errorText(profile: Profile, reply: Bytes): string {
  return profile.ordersGatesAnew ? reply.text().trimEnd() : reply.text().replace(/[\r\n]/g, ' ');
}

/** Takes the reply that a command left with the script's client, as a value (redisProtocolToLuaType). */
function takeReply(lua: Client): LuaValue {
  const text = peekText(lua.output, lua.output.length);
  Object.assign(lua, { output: newClient(0, NO_FD, 0).output, bufpos: 0, reply: [], replyBytes: 0 });
  return readValue({ text, at: 0 });
}

function readValue(reader: { readonly text: string; at: number }): LuaValue {
  const end = reader.text.indexOf('\r\n', reader.at);
  const kind = reader.text[reader.at];
  const line = reader.text.slice(reader.at + 1, end);
  reader.at = end + 2;
  if (kind === '+') return { ok: line };
  if (kind === '-') return { err: line };
  const n = Number(line);
  if (kind === ':') return n;
  if (n === -1) return null;
  if (kind === '$') {
    const bulk = reader.text.slice(reader.at, reader.at + n);
    reader.at += n + 2;
    return bulk;
  }
  return Array.from({ length: n }, () => readValue(reader));
}

/** A script's result as a reply (scripting.c luaReplyToRedisReply). */
function replyOf(value: LuaValue): string {
  if (value === null) return '$-1\r\n';
  if (typeof value === 'string') return `$${value.length}\r\n${value}\r\n`;
  if (typeof value === 'number') return `:${Math.trunc(value)}\r\n`;
  if ('ok' in value) return `+${value.ok}\r\n`;
  if ('err' in value) return `-${value.err}\r\n`;
  return `*${value.length}\r\n${value.map(replyOf).join('')}`;
}

function compilationError({ line, reason }: ScriptError): string {
  return (
    `Error compiling script (new function): user_script:${line}: ${reason} (psynclab runs only scripts made of ` +
    'redis.call(...) and return, with strings, numbers, KEYS[i] and ARGV[i])'
  );
}

/** SCRIPT LOAD, FLUSH, EXISTS and KILL; the first two go to the replicas. No script is ever found running. */
export function scriptCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  const { argv } = c;
  const subcommand = argv[1]!.toLowerCase();
  if (subcommand === 'flush' && redis.profile.hasSubcommands && !isFlushMode(argv)) {
    addReplyError(redis, c, 'SCRIPT FLUSH only support SYNC|ASYNC option');
  } else if (subcommand === 'flush' && (argv.length === 2 || redis.profile.hasSubcommands)) {
    server.scripts = {};
    addReply(redis, c, shared.ok);
    replicationScriptCacheFlush(redis);
    if (!redis.profile.collectsPropagation) server.dirty++;
  } else if (subcommand === 'exists') {
    addReplyArrayLen(redis, c, argv.length - 2);
    for (let i = 2; i < argv.length; i++) {
      addReply(redis, c, argv[i]!.toLowerCase() in server.scripts ? shared.cone : shared.czero);
    }
  } else if (subcommand === 'load' && argv.length === 3) {
    const script = parseScript(argv[2]!);
    if ('reason' in script) {
      addReplyError(redis, c, compilationError(script));
      return;
    }
    addReplyBulk(redis, c, registerScript(redis, argv[2]!));
    if (!redis.profile.collectsPropagation) forceCommandPropagation(c);
  } else if (subcommand === 'kill' && argv.length === 2) {
    addReply(redis, c, shared.notbusyerr);
  } else {
    addReplySubcommandSyntaxError(redis, c);
  }
}

/** SCRIPT FLUSH of Redis 7, alone or with how. */
function isFlushMode(argv: readonly string[]): boolean {
  return argv.length === 2 || (argv.length === 3 && /^a?sync$/i.test(argv[2]!));
}
