import { REPL_STATE_TRANSFER, type RedisServer } from '../../../sim/redis/server.ts';

/** Where a server stood when it was last looked at, in its history and in the log of it. */
export class Place {
  /** The server itself: another object is another process. Null before the first look. */
  server: RedisServer | null = null;
  replid = '';
  offset = -1;
  /** The backlog itself, and the first offset it had. */
  backlog: RedisServer['replBacklog'] = null;
  first = -1;
  /** Whether it received or loaded a full synchronization, or its own file, since it last moved. */
  synchronized = false;

  /**
   * Asked after every event of the server: whether it has moved, a synchronization of it has ended, or it has another
   * backlog, since `moved`.
   */
  hasMoved(server: RedisServer): boolean {
    if (server.loading || server.replState === REPL_STATE_TRANSFER) this.synchronized = true;
    else if (this.synchronized) return true;
    return (
      server.masterReplOffset !== this.offset ||
      server.replid !== this.replid ||
      server.replBacklog !== this.backlog ||
      server !== this.server
    );
  }

  /** Whether all that has happened is that the stream went on: the same process, history and backlog. */
  isOnCourse(server: RedisServer): boolean {
    return (
      server.masterReplOffset >= this.offset &&
      server.replid === this.replid &&
      server.replBacklog === this.backlog &&
      server === this.server &&
      !this.synchronized
    );
  }

  moved(server: RedisServer): void {
    this.server = server;
    this.replid = server.replid;
    this.offset = server.masterReplOffset;
    this.backlog = server.replBacklog;
    this.first = server.replBacklogOff;
    this.synchronized = server.loading || server.replState === REPL_STATE_TRANSFER;
  }
}
