import {
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_RDB_TRANSMITTED,
  SLAVE_STATE_SEND_BULK,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
} from '../../sim/redis/networking/client.ts';
import type { Profile } from '../../sim/redis/profile.ts';
import { slaveTransition, UNMUTED } from './states.ts';

const NONE = 0;
const ASKS = /^Replica (\S+) asks for synchronization/;
const FULL =
  /^(Full resync requested by|Partial resynchronization not accepted|Unable to partial resync with)/;
const PARTIAL = /^Partial resynchronization request from (\S+) accepted/;
const STARTED = /^Background (saving|RDB transfer) started by pid/;
const JOINED = /^Waiting for end of BGSAVE for SYNC/;
const SAVED = /^Background saving terminated with success/;
const STREAMED = /^Streamed RDB transfer with replica (\S+) succeeded/;
const SYNCED = /^Synchronization with replica (\S+) succeeded/;
const RDB_ONLY = /^RDB transfer completed, rdb only replica \((\S+)\)/;
const NOT_BEGUN = /^BGSAVE for replication failed$/;
const LOST = /^Connection with replica (.+) lost\.$/;

interface Slave {
  state: number;
  /** Its stream waits for its first ACK. */
  heldBack: boolean;
}

/** Follows, line by line, what the log of one master process tells of the states of its replicas. */
export class SlaveStatesInLog {
  readonly #profile: Profile;
  readonly #told: (transition: string) => void;
  readonly #slaves = new Map<string, Slave>();
  #asking: string | null = null;

  constructor(profile: Profile, told: (transition: string) => void) {
    this.#profile = profile;
    this.#told = told;
  }

  line(message: string): void {
    const asks = ASKS.exec(message);
    if (asks !== null) this.#asking = asks[1]!;
    else if (FULL.test(message)) this.#move(this.#asking, SLAVE_STATE_WAIT_BGSAVE_START);
    else if (JOINED.test(message)) this.#move(this.#asking, SLAVE_STATE_WAIT_BGSAVE_END);
    else if (STARTED.test(message)) this.#moveAll(SLAVE_STATE_WAIT_BGSAVE_START, SLAVE_STATE_WAIT_BGSAVE_END);
    else if (NOT_BEGUN.test(message)) this.#moveAll(SLAVE_STATE_WAIT_BGSAVE_START, NONE);
    else if (SAVED.test(message)) this.#moveAll(SLAVE_STATE_WAIT_BGSAVE_END, SLAVE_STATE_SEND_BULK);
    else this.#lineAboutOne(message);
  }

  #lineAboutOne(message: string): void {
    const partial = PARTIAL.exec(message);
    if (partial !== null) this.#move(partial[1]!, SLAVE_STATE_ONLINE);
    const streamed = STREAMED.exec(message);
    if (streamed !== null && !this.#profile.putsOnlineBeforeAck) {
      this.#move(streamed[1]!, SLAVE_STATE_ONLINE);
      this.#slave(streamed[1]!).heldBack = true;
    }
    const rdbOnly = RDB_ONLY.exec(message);
    if (rdbOnly !== null) this.#move(rdbOnly[1]!, SLAVE_STATE_RDB_TRANSMITTED);
    const synced = SYNCED.exec(message);
    if (synced !== null) this.#synced(synced[1]!);
    const lost = LOST.exec(message);
    if (lost !== null) this.#lost(lost[1]!);
  }

  #slave(name: string): Slave {
    let slave = this.#slaves.get(name);
    if (slave === undefined) {
      slave = { state: NONE, heldBack: false };
      this.#slaves.set(name, slave);
    }
    return slave;
  }

  #move(name: string | null, to: number): void {
    if (name === null) return;
    const slave = this.#slave(name);
    // A replica that asks anew does so over a connection of its own.
    if (to === SLAVE_STATE_WAIT_BGSAVE_START) slave.state = NONE;
    if (slave.state !== to) this.#told(slaveTransition(slave.state, to));
    slave.state = to;
    slave.heldBack = false;
  }

  #moveAll(from: number, to: number): void {
    for (const [name, { state }] of this.#slaves) if (state === from) this.#move(name, to);
  }

  /** After a streamed RDB, Redis 5 says so at the first ACK, Redis 7 as soon as the RDB is out. */
  #synced(name: string): void {
    const slave = this.#slave(name);
    const streams = slave.state === SLAVE_STATE_WAIT_BGSAVE_END && this.#profile.putsOnlineBeforeAck;
    if (slave.state === SLAVE_STATE_SEND_BULK || streams) this.#move(name, SLAVE_STATE_ONLINE);
    else if (slave.heldBack && !this.#profile.putsOnlineBeforeAck) this.#told(UNMUTED);
  }

  /** A connection that was reset has no name any more: then it is the only one, or nobody knows. */
  #lost(name: string): void {
    const there = [...this.#slaves].filter(([, { state }]) => state !== NONE);
    const found = there.find(([known]) => known === name) ?? (there.length === 1 ? there[0] : undefined);
    if (found === undefined) return;
    this.#told(slaveTransition(found[1].state, null));
    this.#slaves.delete(found[0]);
  }
}
