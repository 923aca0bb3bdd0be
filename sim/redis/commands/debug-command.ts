import { populate } from '../data/db.ts';
import { datasetDigest } from '../data/keyspace.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyError, addReplyStatus, shared } from '../networking/reply.ts';
import { blockUntil, emptyData, installDataset, loadMicros, rdbSave, snapshot } from '../rdb/rdb.ts';
import { dropExpired, logLoadBegins, logLoaded } from '../rdb/rdb-load.ts';
import { changeReplicationId, clearReplicationId2 } from '../replication/replication-id.ts';
import { mstime, type Redis, serverLog } from '../system.ts';
import { addReplySubcommandSyntaxError } from './arguments.ts';
import { getLongLong } from './numbers.ts';

/** DEBUG SLEEP, DIGEST, POPULATE, CHANGE-REPL-ID, SET-ACTIVE-EXPIRE and RELOAD (debug.c debugCommand). */
export function debugCommand(redis: Redis, c: Client): void {
  const { server, system } = redis;
  const argc = c.argv.length;
  const sub = c.argv[1]!.toLowerCase();
  if (sub === 'sleep' && argc === 3) {
    const seconds = Number.parseFloat(c.argv[2]!);
    if (seconds > 0) blockUntil(redis, system.now() + Math.round(seconds * 1_000_000));
    addReply(redis, c, shared.ok);
  } else if (sub === 'digest' && argc === 2) {
    addReplyStatus(redis, c, datasetDigest(server.dbs));
  } else if (sub === 'change-repl-id' && argc === 2) {
    serverLog(redis, 'warning', 'Changing replication IDs after receiving DEBUG change-repl-id');
    changeReplicationId(redis);
    clearReplicationId2(redis);
    addReply(redis, c, shared.ok);
  } else if (sub === 'populate' && argc >= 3 && argc <= 5) {
    populateCommand(redis, c);
  } else if (sub === 'lua-always-replicate-commands' && argc === 3) {
    server.luaReplicateCommands = c.argv[2] !== '0';
    addReply(redis, c, shared.ok);
  } else if (sub === 'set-active-expire' && argc === 3) {
    server.activeExpireEnabled = c.argv[2] !== '0';
    addReply(redis, c, shared.ok);
  } else if (sub === 'reload' && argc === 2) {
    reload(redis, c);
  } else {
    addReplySubcommandSyntaxError(redis, c);
  }
}

/** DEBUG POPULATE count [prefix] [size]. */
function populateCommand(redis: Redis, c: Client): void {
  const count = getLongLong(c.argv[2]!);
  const size = c.argv[4] === undefined ? 0 : getLongLong(c.argv[4]);
  const isPositive = redis.profile.wordsErrorsAnew;
  if (count === undefined || size === undefined || (isPositive && (count < 0 || size < 0))) {
    const number = isPositive
      ? 'value is out of range, must be positive'
      : 'value is not an integer or out of range';
    addReplyError(redis, c, number);
    return;
  }
  populate(redis, c.db, count, c.argv[3] ?? 'key', size);
  addReply(redis, c, shared.ok);
}

/** DEBUG RELOAD: saves and loads in place; history, links and backlog stay. */
function reload(redis: Redis, c: Client): void {
  const info = redis.rules.rdbPopulateSaveInfo(redis);
  if (!rdbSave(redis, info)) {
    addReplyError(redis, c, '-ERR');
    return;
  }
  const { server } = redis;
  const rdb = snapshot(redis, info);
  logLoadBegins(redis, rdb);
  emptyData(redis);
  const keys = installDataset(redis, rdb);
  logLoaded(redis, keys, dropExpired(redis, mstime(redis), false));
  server.blockedUntil += loadMicros(redis, rdb.length);
  serverLog(redis, 'warning', 'DB reloaded by DEBUG RELOAD');
  addReply(redis, c, shared.ok);
}
