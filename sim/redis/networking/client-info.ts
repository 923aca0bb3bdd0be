import { NO_FD, type Redis } from '../system.ts';
import {
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_DIRTY_CAS,
  CLIENT_MASTER,
  CLIENT_MONITOR,
  CLIENT_MULTI,
  CLIENT_PUBSUB,
  CLIENT_SLAVE,
  CLIENT_UNBLOCKED,
  type Client,
} from './client.ts';
import { getClientOutputBufferMemoryUsage } from './output-buffer.ts';

const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [CLIENT_MASTER, 'M'],
  [CLIENT_PUBSUB, 'P'],
  [CLIENT_MULTI, 'x'],
  [CLIENT_BLOCKED, 'b'],
  [CLIENT_DIRTY_CAS, 'd'],
  [CLIENT_CLOSE_AFTER_REPLY, 'c'],
  [CLIENT_UNBLOCKED, 'u'],
  [CLIENT_CLOSE_ASAP, 'A'],
];

/** A client as CLIENT LIST and the log describe it (networking.c catClientInfoString). */
export function catClientInfoString(redis: Redis, c: Client): string {
  const { server, system } = redis;
  const peer = c.fd === NO_FD ? { ip: '?', port: 0 } : system.peer(c.fd);
  let flags = (c.flags & CLIENT_SLAVE) !== 0 ? ((c.flags & CLIENT_MONITOR) !== 0 ? 'O' : 'S') : '';
  for (const [flag, letter] of FLAG_LETTERS) if ((c.flags & flag) !== 0) flags += letter;
  const events = `${c.fd === NO_FD ? '' : 'r'}${c.writeHandler === 'none' ? '' : 'w'}`;
  return (
    `id=${c.id} addr=${peer.ip}:${peer.port} fd=${c.fd} name=${c.name} age=${server.unixtime - c.ctime} ` +
    `idle=${server.unixtime - c.lastinteraction} flags=${flags === '' ? 'N' : flags} db=${c.db} ` +
    `sub=${c.subscriptions.length} psub=0 multi=${(c.flags & CLIENT_MULTI) !== 0 ? c.mstate.length : -1} ` +
    `qbuf=${c.querybuf.length} qbuf-free=0 obl=${c.bufpos} oll=${c.reply.length} ` +
    `omem=${getClientOutputBufferMemoryUsage(redis, c)} events=${events} ` +
    `cmd=${c.lastcmd === '' ? 'NULL' : c.lastcmd.toLowerCase()}`
  );
}
