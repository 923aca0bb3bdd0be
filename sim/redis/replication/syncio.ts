import { NO_TIME } from '../server.ts';
import type { Errno, Fd, Redis } from '../system.ts';

/** How long a synchronous read waits for the next byte, in microseconds (CONFIG_REPL_SYNCIO_TIMEOUT). */
const REPL_SYNCIO_TIMEOUT = 5 * 1_000_000;

/**
 * Reads one line from a socket, byte by byte, without its end. Where the line has not come in full the process
 * blocks until the next byte, and the caller is called again then: undefined. An error where the peer is gone
 * or the next byte took longer than five seconds (syncio.c syncReadLine).
 */
export function syncReadLine(redis: Redis, fd: Fd, max: number): string | { errno: Errno } | undefined {
  const { server, system } = redis;
  while (true) {
    const got = system.read(fd, 1);
    if (typeof got !== 'string') {
      server.replTransferLineDeadline = NO_TIME;
      const byte = got.text();
      if (byte !== '\n' && server.replTransferLine.length < max - 1) {
        server.replTransferLine += byte;
        continue;
      }
      const line = server.replTransferLine;
      server.replTransferLine = '';
      return line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    if (got === 'EAGAIN') {
      const now = system.now();
      if (server.replTransferLineDeadline === NO_TIME)
        server.replTransferLineDeadline = now + REPL_SYNCIO_TIMEOUT;
      if (now < server.replTransferLineDeadline) {
        server.blockedUntil = server.replTransferLineDeadline;
        server.blockedOnFd = fd;
        return undefined;
      }
    }
    server.replTransferLine = '';
    server.replTransferLineDeadline = NO_TIME;
    // syncRead tells a closed connection by no error of its own: errno still says what the last read said.
    return { errno: got === 'EAGAIN' ? 'ETIMEDOUT' : got === 'EOF' ? 'EAGAIN' : got };
  }
}
