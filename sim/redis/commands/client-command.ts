import { CLIENT_CLOSE_AFTER_REPLY, type Client } from '../networking/client.ts';
import { catClientInfoString } from '../networking/client-info.ts';
import { freeClient, pauseClients } from '../networking/networking.ts';
import { type ClientType, getClientType } from '../networking/output-buffer.ts';
import { pauseClientsFor, unpauseClients } from '../networking/pause-7.ts';
import {
  addReply,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyNull,
  shared,
} from '../networking/reply.ts';
import { mstime, type Redis } from '../system.ts';
import { addReplySubcommandSyntaxError } from './arguments.ts';
import { unblockClientByCommand } from './blocked.ts';
import { getLongLong } from './numbers.ts';

const CLIENT_TYPES: Readonly<Record<string, ClientType>> = {
  normal: 'normal',
  slave: 'slave',
  replica: 'slave',
  pubsub: 'pubsub',
  master: 'master',
};

/** CLIENT ID, GETNAME, SETNAME, LIST, KILL, PAUSE, UNBLOCK (networking.c clientCommand). */
export function clientCommand(redis: Redis, c: Client): void {
  const argc = c.argv.length;
  const sub = c.argv[1]!.toLowerCase();
  if (sub === 'id' && argc === 2) addReplyLongLong(redis, c, c.id);
  else if (sub === 'list') list(redis, c);
  else if (sub === 'kill') kill(redis, c);
  else if (sub === 'pause' && (argc === 3 || (argc === 4 && redis.profile.postponesPausedCommands)))
    pause(redis, c);
  else if (sub === 'unpause' && argc === 2 && redis.profile.postponesPausedCommands) {
    unpauseClients(redis, 'command');
    addReply(redis, c, shared.ok);
  } else if (sub === 'unblock' && (argc === 3 || argc === 4)) unblockClientByCommand(redis, c);
  else if (sub === 'setname' && argc === 3) setName(redis, c);
  else if (sub === 'getname' && argc === 2) {
    if (c.name === '') addReplyNull(redis, c);
    else addReplyBulk(redis, c, c.name);
  } else if (redis.profile.wordsErrorsAnew) {
    addReplySubcommandSyntaxError(redis, c);
  } else {
    // Words of its own, without the full stop.
    const message = `Unknown subcommand or wrong number of arguments for '${c.argv[1]}'. Try CLIENT HELP`;
    addReplyError(redis, c, message);
  }
}

function list(redis: Redis, c: Client): void {
  const { server } = redis;
  let type: ClientType | undefined;
  if (c.argv.length === 4 && c.argv[2]!.toLowerCase() === 'type') {
    type = CLIENT_TYPES[c.argv[3]!.toLowerCase()];
    if (type === undefined) {
      addReplyError(redis, c, `Unknown client type '${c.argv[3]}'`);
      return;
    }
  } else if (c.argv.length !== 2) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  let text = '';
  for (const id of Object.keys(server.clients)) {
    const client = server.clients[Number(id)]!;
    if (type === undefined || getClientType(client) === type)
      text += `${catClientInfoString(redis, client)}\n`;
  }
  addReplyBulk(redis, c, text);
}

interface KillFilter {
  addr?: string;
  type?: ClientType;
  id?: number;
  skipme: boolean;
}

function kill(redis: Redis, c: Client): void {
  const { server, system } = redis;
  const oldForm = c.argv.length === 3;
  const filter: KillFilter | undefined = oldForm ? { addr: c.argv[2]!, skipme: false } : killFilter(redis, c);
  if (filter === undefined) return;
  let killed = 0;
  let self = false;
  for (const id of Object.keys(server.clients)) {
    const client = server.clients[Number(id)];
    if (client === undefined) continue;
    const { ip, port } = system.peer(client.fd);
    if (filter.addr !== undefined && filter.addr !== `${ip}:${port}`) continue;
    if (filter.type !== undefined && getClientType(client) !== filter.type) continue;
    if (filter.id !== undefined && client.id !== filter.id) continue;
    if (client.id === c.id && filter.skipme) continue;
    if (client.id === c.id) self = true;
    else freeClient(redis, client);
    killed++;
  }
  if (!oldForm) addReplyLongLong(redis, c, killed);
  else if (killed === 0) addReplyError(redis, c, 'No such client');
  else addReply(redis, c, shared.ok);
  if (self) c.flags |= CLIENT_CLOSE_AFTER_REPLY;
}

/** The options of CLIENT KILL; undefined where one was wrong and answered so. */
function killFilter(redis: Redis, c: Client): KillFilter | undefined {
  const filter: KillFilter = { skipme: true };
  const wrong = (): undefined => {
    addReply(redis, c, shared.syntaxerr);
    return undefined;
  };
  if (c.argv.length < 3) return wrong();
  for (let i = 2; i < c.argv.length; i += 2) {
    const value = c.argv[i + 1];
    if (value === undefined) return wrong();
    switch (c.argv[i]!.toLowerCase()) {
      case 'id': {
        const id = getLongLong(value);
        const { wordsErrorsAnew } = redis.profile;
        if (id === undefined || (wordsErrorsAnew && id < 1)) {
          const reason = wordsErrorsAnew
            ? 'client-id should be greater than 0'
            : 'value is not an integer or out of range';
          addReplyError(redis, c, reason);
          return undefined;
        }
        filter.id = id;
        break;
      }
      case 'type': {
        const type = CLIENT_TYPES[value.toLowerCase()];
        if (type === undefined) {
          addReplyError(redis, c, `Unknown client type '${value}'`);
          return undefined;
        }
        filter.type = type;
        break;
      }
      case 'addr':
        filter.addr = value;
        break;
      case 'skipme':
        if (value.toLowerCase() !== 'yes' && value.toLowerCase() !== 'no') return wrong();
        filter.skipme = value.toLowerCase() === 'yes';
        break;
      default:
        return wrong();
    }
  }
  return filter;
}

function pause(redis: Redis, c: Client): void {
  const duration = getLongLong(c.argv[2]!);
  if (duration === undefined) {
    addReplyError(redis, c, 'timeout is not an integer or out of range');
  } else if (duration < 0) {
    addReplyError(redis, c, 'timeout is negative');
  } else if (redis.profile.postponesPausedCommands) {
    const mode = c.argv[3]?.toLowerCase() ?? 'all';
    if (mode !== 'all' && mode !== 'write') {
      addReplyError(redis, c, 'CLIENT PAUSE mode must be WRITE or ALL');
      return;
    }
    pauseClientsFor(redis, 'command', mstime(redis) + duration, mode);
    addReply(redis, c, shared.ok);
  } else {
    pauseClients(redis, mstime(redis) + duration);
    addReply(redis, c, shared.ok);
  }
}

function setName(redis: Redis, c: Client): void {
  if (/[^!-~]/.test(c.argv[2]!)) {
    addReplyError(redis, c, 'Client names cannot contain spaces, newlines or special characters.');
    return;
  }
  c.name = c.argv[2]!;
  addReply(redis, c, shared.ok);
}
