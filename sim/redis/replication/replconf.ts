import { getLongLong } from '../commands/numbers.ts';
import { splitArguments } from '../commands/split-arguments.ts';
import {
  CLIENT_SLAVE,
  type Client,
  SLAVE_CAPA_EOF,
  SLAVE_CAPA_PSYNC2,
  SLAVE_REQ_RDB_EXCLUDE_DATA,
  SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_WAIT_BGSAVE_END,
} from '../networking/client.ts';
import { addReply, addReplyError, shared } from '../networking/reply.ts';
import { checkChildrenDone } from '../rdb/rdb-child.ts';
import type { Redis } from '../system.ts';
import { replicationSendAck } from './replication-role.ts';
import { putSlaveOnline } from './sync-master.ts';
import { replicaStartCommandStream } from './sync-master-7.ts';

/** Longest address that REPLCONF ip-address takes, with its end (NET_IP_STR_LEN). */
const NET_IP_STR_LEN = 46;

/** REPLCONF: what a replica tells of itself, and its acknowledgements (replication.c replconfCommand). */
export function replconfCommand(redis: Redis, c: Client): void {
  if (c.argv.length % 2 === 0) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  for (let i = 1; i < c.argv.length; i += 2) {
    const value = c.argv[i + 1]!;
    switch (c.argv[i]!.toLowerCase()) {
      case 'listening-port': {
        const port = getLongLong(value);
        if (port === undefined) {
          addReplyError(redis, c, 'value is not an integer or out of range');
          return;
        }
        c.slaveListeningPort = port;
        break;
      }
      case 'ip-address':
        if (value.length >= NET_IP_STR_LEN) {
          addReplyError(
            redis,
            c,
            `REPLCONF ip-address provided by replica instance is too long: ${value.length} bytes`,
          );
          return;
        }
        c.slaveIp = value;
        break;
      case 'capa':
        if (value.toLowerCase() === 'eof') c.slaveCapa |= SLAVE_CAPA_EOF;
        else if (value.toLowerCase() === 'psync2') c.slaveCapa |= SLAVE_CAPA_PSYNC2;
        break;
      case 'ack':
        acknowledge(redis, c, value);
        return;
      case 'getack':
        if (redis.server.masterhost !== null && redis.server.master !== null) replicationSendAck(redis);
        return;
      default:
        if (!redis.profile.takesRdbOnlyReplicas || !/^rdb-(filter-)?only$/i.test(c.argv[i]!)) {
          addReplyError(redis, c, `Unrecognized REPLCONF option: ${c.argv[i]}`);
          return;
        }
        if (!askForRdb(redis, c, c.argv[i]!.toLowerCase(), value)) return;
    }
  }
  addReply(redis, c, shared.ok);
}

/**
 * `rdb-only 1` asks for an RDB without the stream; `rdb-filter-only` names what the RDB is to hold, functions being
 * all there is to name. False where the value is wrong, which is answered.
 */
function askForRdb(redis: Redis, c: Client, option: string, value: string): boolean {
  if (option === 'rdb-only') {
    const number = getLongLong(value);
    const isSwitch = number === 0 || number === 1;
    if (isSwitch) c.rdbOnly = number === 1;
    else if (number === undefined) addReplyError(redis, c, 'value is not an integer or out of range');
    else addReplyError(redis, c, 'value is out of range, value must between 0 and 1');
    return isSwitch;
  }
  const filters = splitArguments(value);
  if (filters === undefined) {
    addReplyError(redis, c, 'Missing rdb-filter-only values');
    return false;
  }
  c.slaveReq |= SLAVE_REQ_RDB_EXCLUDE_DATA | SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS;
  for (const filter of filters) {
    if (filter.toLowerCase() !== 'functions') {
      addReplyError(redis, c, `Unsupported rdb-filter-only option: ${filter}`);
      return false;
    }
    c.slaveReq &= ~SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS;
  }
  return true;
}

/** An acknowledgement never has a reply; the first one after a streamed RDB lets the stream flow. */
function acknowledge(redis: Redis, c: Client, value: string): void {
  if ((c.flags & CLIENT_SLAVE) === 0) return;
  const offset = getLongLong(value);
  if (offset === undefined) return;
  if (offset > c.replAckOff) c.replAckOff = offset;
  c.replAckTime = redis.server.unixtime;
  const { profile, server } = redis;
  const savesRdb = server.child !== null && server.child.type !== 'aof';
  // The acknowledgement may be here before we have noticed that the save is over.
  if (profile.putsOnlineBeforeAck && savesRdb && c.replstate === SLAVE_STATE_WAIT_BGSAVE_END) {
    checkChildrenDone(redis);
  }
  if (!c.replPutOnlineOnAck || c.replstate !== SLAVE_STATE_ONLINE) return;
  if (profile.putsOnlineBeforeAck) replicaStartCommandStream(redis, c);
  else putSlaveOnline(redis, c);
}
