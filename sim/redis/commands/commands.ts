import { configCommand } from '../config/config-command.ts';
import { failoverCommand } from '../replication/failover-7.ts';
import { replconfCommand } from '../replication/replconf.ts';
import { replicaofCommand, roleCommand } from '../replication/role-commands.ts';
import { syncCommand } from '../replication/sync-master.ts';
import { waitCommand } from '../replication/wait.ts';
import { evalCommand, evalShaCommand, scriptCommand } from '../scripting/scripting.ts';
import { clientCommand } from './client-command.ts';
import type { CommandProc } from './command-table.ts';
import { commandCommand, echoCommand, pingCommand, timeCommand } from './connection-commands.ts';
import { debugCommand } from './debug-command.ts';
import {
  expireatCommand,
  expireCommand,
  persistCommand,
  pexpireatCommand,
  pexpireCommand,
  pttlCommand,
  ttlCommand,
} from './expire-commands.ts';
import { hdelCommand, hgetallCommand, hgetCommand, hlenCommand, hsetCommand } from './hash-commands.ts';
import {
  dbsizeCommand,
  delCommand,
  existsCommand,
  flushallCommand,
  flushdbCommand,
  keysCommand,
  renameCommand,
  renamenxCommand,
  selectCommand,
  typeCommand,
} from './key-commands.ts';
import {
  blpopCommand,
  brpopCommand,
  brpoplpushCommand,
  llenCommand,
  lpopCommand,
  lpushCommand,
  lpushxCommand,
  lrangeCommand,
  rpopCommand,
  rpoplpushCommand,
  rpushCommand,
  rpushxCommand,
} from './list-commands.ts';
import { discardCommand, execCommand, multiCommand, unwatchCommand, watchCommand } from './multi.ts';
import { publishCommand, subscribeCommand, unsubscribeCommand } from './pubsub.ts';
import {
  authCommand,
  bgrewriteaofCommand,
  bgsaveCommand,
  infoCommand,
  lastsaveCommand,
  saveCommand,
  shutdownCommand,
} from './server-commands.ts';
import {
  saddCommand,
  scardCommand,
  sismemberCommand,
  smembersCommand,
  spopCommand,
  sremCommand,
} from './set-commands.ts';
import {
  appendCommand,
  decrbyCommand,
  decrCommand,
  getCommand,
  getsetCommand,
  incrbyCommand,
  incrCommand,
  mgetCommand,
  msetCommand,
  msetnxCommand,
  psetexCommand,
  setCommand,
  setexCommand,
  setnxCommand,
  strlenCommand,
} from './string-commands.ts';

/** What runs a command; null for a name whose command is not simulated. */
export function commandProc(name: string): CommandProc | null {
  return procs().get(name) ?? null;
}

let table: ReadonlyMap<string, CommandProc> | undefined;

/** Made at the first call: the modules of the commands and this one need each other. */
function procs(): ReadonlyMap<string, CommandProc> {
  table ??= new Map<string, CommandProc>(
    Object.entries({
      append: appendCommand,
      auth: authCommand,
      bgrewriteaof: bgrewriteaofCommand,
      bgsave: bgsaveCommand,
      blpop: blpopCommand,
      brpop: brpopCommand,
      brpoplpush: brpoplpushCommand,
      client: clientCommand,
      command: commandCommand,
      config: configCommand,
      dbsize: dbsizeCommand,
      debug: debugCommand,
      decr: decrCommand,
      decrby: decrbyCommand,
      del: delCommand,
      discard: discardCommand,
      echo: echoCommand,
      eval: evalCommand,
      evalsha: evalShaCommand,
      exec: execCommand,
      failover: failoverCommand,
      exists: existsCommand,
      expire: expireCommand,
      expireat: expireatCommand,
      flushall: flushallCommand,
      flushdb: flushdbCommand,
      get: getCommand,
      getset: getsetCommand,
      hdel: hdelCommand,
      hget: hgetCommand,
      hgetall: hgetallCommand,
      hlen: hlenCommand,
      hmset: hsetCommand,
      hset: hsetCommand,
      incr: incrCommand,
      incrby: incrbyCommand,
      info: infoCommand,
      keys: keysCommand,
      lastsave: lastsaveCommand,
      llen: llenCommand,
      lpop: lpopCommand,
      lpush: lpushCommand,
      lpushx: lpushxCommand,
      lrange: lrangeCommand,
      mget: mgetCommand,
      mset: msetCommand,
      msetnx: msetnxCommand,
      multi: multiCommand,
      persist: persistCommand,
      pexpire: pexpireCommand,
      pexpireat: pexpireatCommand,
      ping: pingCommand,
      psetex: psetexCommand,
      psync: syncCommand,
      pttl: pttlCommand,
      publish: publishCommand,
      rename: renameCommand,
      renamenx: renamenxCommand,
      replconf: replconfCommand,
      replicaof: replicaofCommand,
      role: roleCommand,
      rpop: rpopCommand,
      rpoplpush: rpoplpushCommand,
      rpush: rpushCommand,
      rpushx: rpushxCommand,
      sadd: saddCommand,
      save: saveCommand,
      scard: scardCommand,
      script: scriptCommand,
      select: selectCommand,
      set: setCommand,
      setex: setexCommand,
      setnx: setnxCommand,
      shutdown: shutdownCommand,
      sismember: sismemberCommand,
      slaveof: replicaofCommand,
      smembers: smembersCommand,
      spop: spopCommand,
      srem: sremCommand,
      strlen: strlenCommand,
      subscribe: subscribeCommand,
      sync: syncCommand,
      time: timeCommand,
      touch: existsCommand,
      ttl: ttlCommand,
      type: typeCommand,
      unlink: delCommand,
      unsubscribe: unsubscribeCommand,
      unwatch: unwatchCommand,
      wait: waitCommand,
      watch: watchCommand,
    }),
  );
  return table;
}
