import { CLIENT_MASTER, type Client } from '../networking/client.ts';
import { type Redis, serverLog, serverPanic } from '../system.ts';

/** How much of the stream the log shows (replication.c showLatestBacklog). */
const DUMP_BYTES = 256;

/** What Redis 7 does about an error that its master or a replica gets (the end of networking.c afterErrorReply). */
export function unexpectedError(redis: Redis, c: Client): void {
  const { server } = redis;
  const isMaster = (c.flags & CLIENT_MASTER) !== 0;
  if (isMaster && server.replBacklog !== null && server.replBacklogHistlen > 0) showLatestBacklog(redis);
  server.statUnexpectedErrorReplies++;
  const behaviour = server.config['propagation-error-behavior'];
  if (!isMaster || !server.replSlaveRo || behaviour === 'ignore') return;
  const command = c.lastcmd === '' ? '<unknown>' : c.lastcmd;
  serverPanic(
    redis,
    `This replica panicked sending an error to its master after processing the command '${command}'`,
  );
}

/** Logs the last bytes of the stream, quoted block by block (replication.c showLatestBacklog). */
function showLatestBacklog(redis: Redis): void {
  const { blocks } = redis.server.replBacklog!;
  let left = Math.min(DUMP_BYTES, redis.server.replBacklogHistlen);
  let dump = '';
  for (let i = blocks.length - 1; i >= 0 && left > 0; i--) {
    const text = blocks[i]!.pieces.map((piece) => piece.text()).join('');
    const part = text.slice(-left);
    dump = quoted(part) + dump;
    left -= part.length;
  }
  serverLog(redis, 'warning', `Latest backlog is: '${dump}'`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

/** Bytes in quotes, with everything that does not print escaped (sds.c sdscatrepr). */
function quoted(text: string): string {
  const body = text.replace(/[^ !#-[\]-~]/g, (char) => {
    const hex = char.charCodeAt(0).toString(16).padStart(2, '0');
    return ESCAPES[char] ?? `\\x${hex}`;
  });
  return `"${body}"`;
}
