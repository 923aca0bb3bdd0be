import { genRedisInfoString } from '../info.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyStatus,
  shared,
} from '../networking/reply.ts';
import { rdbSave, rdbSaveBackground } from '../rdb/rdb.ts';
import { rewriteAppendOnlyFileBackground } from '../rdb/rdb-child.ts';
import { prepareForShutdown, type ShutdownSave } from '../shutdown.ts';
import { shutdownCommandOfRedis7 } from '../shutdown-7.ts';
import type { Redis } from '../system.ts';

export { clientCommand } from './client-command.ts';
export { debugCommand } from './debug-command.ts';

/** INFO [section] (server.c infoCommand). */
export function infoCommand(redis: Redis, c: Client): void {
  if (c.argv.length > 2) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  addReplyBulk(redis, c, genRedisInfoString(redis, c.argv[1]?.toLowerCase() ?? 'default'));
}

/** SHUTDOWN [NOSAVE|SAVE] (db.c shutdownCommand). */
export function shutdownCommand(redis: Redis, c: Client): void {
  if (redis.profile.waitsForReplicasAtShutdown) {
    shutdownCommandOfRedis7(redis, c);
    return;
  }
  const option = c.argv[1]?.toLowerCase() ?? 'default';
  if (c.argv.length > 2 || !['default', 'save', 'nosave'].includes(option)) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  // A dataset half loaded must not replace the file it comes from.
  const save = redis.server.loading ? 'nosave' : (option as ShutdownSave);
  if (!prepareForShutdown(redis, save)) {
    addReplyError(redis, c, 'Errors trying to SHUTDOWN. Check logs.');
  }
}

/** SAVE: saves in the foreground (rdb.c saveCommand). */
export function saveCommand(redis: Redis, c: Client): void {
  const { child } = redis.server;
  if (child !== null && child.type !== 'aof') {
    addReplyError(redis, c, 'Background save already in progress');
  } else if (rdbSave(redis, redis.rules.rdbPopulateSaveInfo(redis))) {
    addReply(redis, c, shared.ok);
  } else {
    addReplyError(redis, c, '-ERR');
  }
}

/** BGSAVE [SCHEDULE] (rdb.c bgsaveCommand). */
export function bgsaveCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  const schedule = c.argv[1]?.toLowerCase() === 'schedule';
  const waits = forksAfterExec(redis);
  if (c.argv.length > 2 || (c.argv.length === 2 && !schedule)) {
    addReply(redis, c, shared.syntaxerr);
  } else if (server.child !== null && server.child.type !== 'aof') {
    addReplyError(redis, c, 'Background save already in progress');
  } else if (waits || (server.child !== null && schedule)) {
    server.rdbBgsaveScheduled = true;
    addReplyStatus(redis, c, 'Background saving scheduled');
  } else if (server.child !== null) {
    addReplyError(
      redis,
      c,
      `${redis.profile.rewriteInTheWayOfSave}: can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a ` +
        'BGSAVE whenever possible.',
    );
  } else if (rdbSaveBackground(redis, redis.rules.rdbPopulateSaveInfo(redis))) {
    addReplyStatus(redis, c, 'Background saving started');
  } else {
    addReplyError(redis, c, '-ERR');
  }
}

/** Redis 7 forks nothing in the middle of a transaction; the next cron does. */
function forksAfterExec({ server, profile }: Redis): boolean {
  return server.inExec && profile.ordersGatesAnew;
}

/** BGREWRITEAOF (aof.c bgrewriteaofCommand). */
export function bgrewriteaofCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  if (server.child?.type === 'aof') {
    addReplyError(redis, c, 'Background append only file rewriting already in progress');
  } else if (server.child !== null || forksAfterExec(redis)) {
    server.aofRewriteScheduled = true;
    addReplyStatus(redis, c, 'Background append only file rewriting scheduled');
  } else if (rewriteAppendOnlyFileBackground(redis)) {
    addReplyStatus(redis, c, 'Background append only file rewriting started');
  }
}

/** LASTSAVE, in seconds since the epoch (rdb.c lastsaveCommand). */
export function lastsaveCommand(redis: Redis, c: Client): void {
  addReplyLongLong(redis, c, redis.server.lastsave);
}

/** AUTH password (server.c authCommand), in Redis 7 also AUTH user password (acl.c authCommand). */
export function authCommand(redis: Redis, c: Client): void {
  const { requirepass } = redis.server;
  if (redis.profile.knowsUsers) {
    authenticateUser(redis, c);
  } else if (requirepass === null) {
    addReplyError(redis, c, 'Client sent AUTH, but no password is set');
  } else if (c.argv[1] === requirepass) {
    c.authenticated = true;
    addReply(redis, c, shared.ok);
  } else {
    c.authenticated = false;
    addReplyError(redis, c, 'invalid password');
  }
}

/** There is the default user alone, with or without a password; who was authenticated stays so (ACLAuthenticateUser). */
function authenticateUser(redis: Redis, c: Client): void {
  const { requirepass } = redis.server;
  const { argv } = c;
  if (argv.length > 3) {
    addReply(redis, c, shared.syntaxerr);
  } else if (argv.length === 2 && requirepass === null) {
    const message = 'AUTH <password> called without any password configured for the default user.';
    addReplyError(redis, c, `${message} Are you sure your configuration is correct?`);
  } else {
    const [user, password] = argv.length === 2 ? ['default', argv[1]] : [argv[1], argv[2]];
    if (user === 'default' && (requirepass === null || password === requirepass)) {
      c.authenticated = true;
      addReply(redis, c, shared.ok);
    } else {
      addReplyError(redis, c, '-WRONGPASS invalid username-password pair or user is disabled.');
    }
  }
}
