import { splitArguments } from '../commands/split-arguments.ts';
import { resizeReplicationBacklog } from '../replication/backlog.ts';
import { refreshGoodSlavesCount } from '../replication/good-slaves.ts';
import { REPL_STATE_CONNECT, type RedisServer } from '../server.ts';
import { type Redis, serverLog } from '../system.ts';
import { type Directive, directivesOf, lookupDirective } from './config-table.ts';
import { parseBufferLimits, parseSave } from './config-types.ts';

/** The name under which a configuration names its master. */
const REPLICAOF = 'replicaof';

/**
 * Reads a configuration file into a server that has none yet: its directives by name, one text for each line.
 * False where it has a line with which this version does not start: another one may have written it (config.c
 * loadServerConfigFromString).
 */
export function loadServerConfig(redis: Redis, directives: ReadonlyMap<string, readonly string[]>): boolean {
  const { config } = redis.server;
  for (const directive of directivesOf(redis.profile.name)) {
    config[directive.name] = directive.default;
    if (directive.effect && directive.default !== '') applyDirective(redis, directive, directive.default);
  }
  for (const [name, lines] of directives) {
    const directive = lookupDirective(name, redis.profile.name);
    if (directive === undefined) {
      return refuseLine(redis, `${name} ${lines[0] ?? ''}`, 'Bad directive or wrong number of arguments');
    }
    const values: string[] = [];
    for (const line of lines) {
      const words = directive.oneWord || line === '' ? [line] : (splitArguments(line) ?? []);
      const problem = directive.check(words);
      if (problem !== null) return refuseLine(redis, `${name} ${line}`, problem);
      values.push(directive.parse(words)!);
    }
    const value =
      directive.name === 'save' ? savesOf(values) : values.join(directive.repeatable ? '\n' : ' ');
    if (directive.name === 'client-output-buffer-limit')
      for (const one of values) applyDirective(redis, directive, one);
    else applyDirective(redis, directive, value);
    if (directive.name === 'repl-backlog-size') takeBacklogSizeOfFile(redis, value);
  }
  return true;
}

/** In 7.0 nothing raises a size that the file gives: it is what CONFIG GET and INFO show, and what is kept at least. */
function takeBacklogSizeOfFile({ server, profile }: Redis, value: string): void {
  if (profile.raisesBacklogSizeOfFile) return;
  server.replBacklogSize = Number(value);
  server.config['repl-backlog-size'] = value;
}

function refuseLine(redis: Redis, line: string, reason: string): false {
  serverLog(redis, 'warning', '*** FATAL CONFIG FILE ERROR ***');
  serverLog(redis, 'warning', `>>> '${line}'`);
  serverLog(redis, 'warning', reason);
  return false;
}

/** Lines of `save` add up; an empty one forgets those before it. */
function savesOf(values: readonly string[]): string {
  return values.slice(values.lastIndexOf('') + 1).join(' ');
}

/** Sets a directive to a value in CONFIG GET's form, with everything that follows from it. */
export function applyDirective(redis: Redis, directive: Directive, value: string): void {
  const { server } = redis;
  server.config[directive.name] = value;
  EFFECTS[directive.name]?.(redis, value);
  // These show what the server made of the value.
  if (directive.name === 'repl-backlog-size') server.config[directive.name] = String(server.replBacklogSize);
  if (directive.name === 'client-output-buffer-limit')
    server.config[directive.name] = bufferLimitsText(server);
}

type Effect = (redis: Redis, value: string) => void;

/** What the directives that have an effect change in the server. */
const EFFECTS: Readonly<Record<string, Effect>> = {
  port: ({ server }, value) => {
    server.port = Number(value);
  },
  databases: ({ server }, value) => {
    server.dbnum = Number(value);
  },
  hz: ({ server }, value) => {
    server.hz = Number(value);
  },
  maxclients: ({ server }, value) => {
    server.maxclients = Number(value);
  },
  requirepass: ({ server }, value) => {
    server.requirepass = value === '' ? null : value;
  },
  masteruser: ({ server }, value) => {
    server.masteruser = value === '' ? null : value;
  },
  masterauth: ({ server }, value) => {
    server.masterauth = value === '' ? null : value;
  },
  save: ({ server }, value) => {
    server.saveparams = parseSave(value.split(' ')) ?? [];
  },
  appendonly: ({ server }, value) => {
    server.aofEnabled = value === 'yes';
    server.appendonly = server.aofEnabled;
  },
  'stop-writes-on-bgsave-error': ({ server }, value) => {
    server.stopWritesOnBgsaveErr = value === 'yes';
  },
  'lazyfree-lazy-expire': ({ server }, value) => {
    server.lazyfreeLazyExpire = value === 'yes';
  },
  'lua-replicate-commands': ({ server }, value) => {
    server.luaReplicateCommands = value === 'yes';
  },
  [REPLICAOF]: ({ server }, value) => {
    const [host = '', port = ''] = value.split(' ');
    server.masterhost = host;
    server.masterport = Number(port);
    server.replState = REPL_STATE_CONNECT;
  },
  'replica-serve-stale-data': ({ server }, value) => {
    server.replServeStaleData = value === 'yes';
  },
  'replica-read-only': ({ server }, value) => {
    server.replSlaveRo = value === 'yes';
  },
  'replica-priority': ({ server }, value) => {
    server.slavePriority = Number(value);
  },
  'replica-announce-ip': ({ server }, value) => {
    server.slaveAnnounceIp = value === '' ? null : value;
  },
  'replica-announce-port': ({ server }, value) => {
    server.slaveAnnouncePort = Number(value);
  },
  'repl-ping-replica-period': ({ server }, value) => {
    server.replPingSlavePeriod = Number(value);
  },
  'repl-timeout': ({ server }, value) => {
    server.replTimeout = Number(value);
  },
  'repl-backlog-size': (redis, value) => {
    resizeReplicationBacklog(redis, Number(value));
  },
  'repl-backlog-ttl': ({ server }, value) => {
    server.replBacklogTimeLimit = Number(value);
  },
  'repl-diskless-sync': ({ server }, value) => {
    server.replDisklessSync = value === 'yes';
  },
  'repl-diskless-sync-delay': ({ server }, value) => {
    server.replDisklessSyncDelay = Number(value);
  },
  'repl-diskless-sync-max-replicas': ({ server }, value) => {
    server.replDisklessSyncMaxReplicas = Number(value);
  },
  'min-replicas-to-write': (redis, value) => {
    redis.server.replMinSlavesToWrite = Number(value);
    refreshGoodSlavesCount(redis);
  },
  'min-replicas-max-lag': (redis, value) => {
    redis.server.replMinSlavesMaxLag = Number(value);
    refreshGoodSlavesCount(redis);
  },
  'client-output-buffer-limit': ({ server }, value) => {
    for (const { client, limit } of parseBufferLimits(value.split(' ')) ?? []) {
      server.clientObufLimits[client] = limit;
    }
  },
};

/** All limits as CONFIG GET shows them, the replicas' class under its old name. */
function bufferLimitsText({ clientObufLimits }: RedisServer): string {
  const text = (
    name: string,
    { hardLimitBytes, softLimitBytes, softLimitSeconds }: typeof clientObufLimits.normal,
  ) => `${name} ${hardLimitBytes} ${softLimitBytes} ${softLimitSeconds}`;
  return [
    text('normal', clientObufLimits.normal),
    text('slave', clientObufLimits.replica),
    text('pubsub', clientObufLimits.pubsub),
  ].join(' ');
}

/** A directive's value as CONFIG GET shows it; `replicaof` follows the server's role. */
export function currentValue({ server }: Redis, directive: Directive): string {
  if (directive.name === REPLICAOF) {
    return server.masterhost === null ? '' : `${server.masterhost} ${server.masterport}`;
  }
  return server.config[directive.name] ?? directive.default;
}

/** The configuration file that CONFIG REWRITE writes: what differs from the defaults, one text for each line. */
export function rewrittenConfig(redis: Redis): Map<string, readonly string[]> {
  const lines = new Map<string, readonly string[]>();
  const { alwaysRewritten } = redis.profile;
  for (const directive of directivesOf(redis.profile.name)) {
    if (!directive.inFile) continue;
    const value = currentValue(redis, directive);
    if (directive.name === 'save') lines.set('save', groups(value, 2));
    else if (directive.name === 'client-output-buffer-limit' && value !== directive.default) {
      lines.set(directive.name, groups(value, 4));
    } else if (value !== directive.default || alwaysRewritten.includes(directive.name)) {
      lines.set(directive.name, directive.repeatable ? value.split('\n') : [value]);
    }
  }
  return lines;
}

/** A value's words, so many to a line; one empty line where there are none. */
function groups(value: string, size: number): string[] {
  const words = value.split(' ');
  const lines: string[] = [];
  for (let i = 0; i < words.length; i += size) lines.push(words.slice(i, i + size).join(' '));
  return lines;
}
