import type { ConnectionId } from '../../../sim/observer.ts';
import type { Bytes, Command } from '../../../sim/redis/networking/bytes.ts';
import type { AcknowledgedWrite, History, WaitedWrite } from '../histories.ts';
import { type Reply, ReplyParser } from '../reply-parser.ts';
import type { Hub } from './hub.ts';

export const CALL_CLOSED: Reply = { kind: 'call', text: 'ERR-CALL closed' };
export const CALL_REFUSED: Reply = { kind: 'call', text: 'ERR-CALL refused' };
export const CALL_NONE: Reply = { kind: 'call', text: 'ERR-CALL none' };

/** Who sent a command and waits for the end of it. */
export interface Caller {
  /** The command left on an open connection. */
  sent(): void;
  /** Its reply came, or the connection ended or could not be made (`call`); `wrote` if it acknowledged a write. */
  answered(reply: Reply, wrote: boolean): void;
}

/**
 * One client connection beside one node, with at most one command under way. It connects when there is
 * something to send, and again once a connection has ended.
 */
export class Session {
  readonly #hub: Hub;
  readonly #parser = new ReplyParser();
  #connection: ConnectionId = -1;
  #open = false;
  #caller: Caller | null = null;
  #sentAt = false;
  /** Acknowledged on this connection and followed by no WAIT yet. */
  #unwaited: WaitedWrite[] = [];

  /** The node it connects to; change it only while no command is under way. */
  node: number;
  command: Command | null = null;
  /** What the command under way wrote, and where; kept by the hub. */
  write: History | null = null;
  writeOffset = 0;
  writeNumber = 0;
  unclaimedBefore = 0;

  constructor(hub: Hub, node: number) {
    this.#hub = hub;
    this.node = node;
  }

  get busy(): boolean {
    return this.#caller !== null;
  }

  request(command: Command, caller: Caller): void {
    this.command = command;
    this.#caller = caller;
    this.#sentAt = false;
    this.write = null;
    if (this.#open) this.#send();
    else this.#connection = this.#hub.open(this, this.node);
  }

  /** Gives up the connection and the command under way; its caller hears nothing more. */
  drop(): void {
    const connection = this.#connection;
    this.#forget();
    this.#finish();
    if (connection >= 0) this.#hub.world.disconnect(connection);
  }

  connected(): void {
    this.#open = true;
    if (this.#caller !== null) this.#send();
  }

  ended(how: 'closed' | 'refused'): void {
    this.#forget();
    this.#finish()?.answered(how === 'closed' ? CALL_CLOSED : CALL_REFUSED, false);
  }

  received(bytes: Bytes): void {
    this.#parser.feed(bytes);
    const streams = this.command !== null && becomesReplica(this.command);
    for (;;) {
      const reply = streams ? this.#parser.nextLine() : this.#parser.next();
      if (reply === undefined) return;
      if (this.#caller === null) continue;
      if (streams && reply.kind !== 'error' && reply.text !== '+QUEUED') {
        this.#leaveAsReplica(reply);
        return;
      }
      const wrote = this.#hub.acknowledge(this, reply);
      this.#finish()?.answered(reply, wrote);
    }
  }

  /** A WAIT on this connection was answered: the writes it was for. */
  waited(): readonly WaitedWrite[] {
    const writes = this.#unwaited;
    this.#unwaited = [];
    return writes;
  }

  remember(write: AcknowledgedWrite): void {
    if (this.#hub.usesWait) this.#unwaited.push({ history: this.write!, write });
  }

  #send(): void {
    this.#sentAt = true;
    this.#hub.startWaiting(this);
    this.#hub.world.send(this.#connection, this.command!);
    this.#caller!.sent();
  }

  /** After PSYNC or SYNC, unless MULTI queued it, the connection is a replica's: it stays open unread, the next command gets a new one. */
  #leaveAsReplica(reply: Reply): void {
    this.#forget();
    this.#finish()?.answered(reply, false);
  }

  #forget(): void {
    if (this.#connection >= 0) this.#hub.forget(this.#connection);
    this.#connection = -1;
    this.#open = false;
    this.#parser.reset();
    this.#unwaited = [];
  }

  #finish(): Caller | null {
    const caller = this.#caller;
    if (this.#sentAt) this.#hub.stopWaiting(this);
    this.#sentAt = false;
    this.#caller = null;
    this.command = null;
    return caller;
  }
}

function becomesReplica(command: Command): boolean {
  const name = command.argv[0]!;
  if (name.length !== 4 && name.length !== 5) return false;
  const upper = name.toUpperCase();
  return upper === 'SYNC' || upper === 'PSYNC';
}
