import type { DecisionRecord } from '../../sim/observer.ts';
import {
  REPL_STATE_CONNECTED,
  REPL_STATE_NONE,
  REPL_STATE_TRANSFER,
  type RedisServer,
} from '../../sim/redis/server.ts';
import type { LogLevel } from '../../sim/redis/system.ts';
import type { Histories } from './histories.ts';
import type { StoryEvent } from './result.ts';
import { timeText } from './time.ts';

type MutableEvent = { -readonly [K in keyof StoryEvent]: StoryEvent[K] };

/** Log lines that tell of something no state shows: timeouts, limits, failed saves. */
const TELLING: readonly (readonly [RegExp, StoryEvent['kind']])[] = [
  [/^(MASTER timeout|Timeout (connecting|receiving)|Disconnecting timedout)/, 'timeout'],
  [/^(Background (saving|transfer).* (error|terminated by)|Client .* scheduled to be closed)/, 'log'],
  [/^Replication backlog freed/, 'log'],
];

/** The lines of a run that matter, in the order they happened, with histories by their names. */
export class Story {
  readonly #names: readonly string[];
  readonly #histories: Histories;
  readonly #now: () => number;
  readonly #roles: (boolean | null)[];
  readonly #states: number[];
  readonly #ids: string[];
  readonly #events: MutableEvent[] = [];

  constructor(names: readonly string[], histories: Histories, now: () => number) {
    this.#names = names;
    this.#histories = histories;
    this.#now = now;
    this.#roles = names.map(() => null);
    this.#states = names.map(() => REPL_STATE_NONE);
    this.#ids = names.map(() => '');
  }

  get events(): readonly StoryEvent[] {
    return this.#events;
  }

  /** Adds a line; the one who adds it may complete its text later. */
  tell(kind: StoryEvent['kind'], node: string | null, text: string): { text: string } {
    const event: MutableEvent = { at: this.#now(), node, kind, text };
    this.#events.push(event);
    return event;
  }

  /** Looks at a server after an event that touched it. */
  look(node: number, server: RedisServer): void {
    if (server.replid !== this.#ids[node]) this.#newId(node, server);
    const isMaster = server.masterhost === null;
    if (isMaster !== this.#roles[node]) this.#newRole(node, isMaster);
    if (server.replState !== this.#states[node]) this.#newState(node, server.replState);
  }

  /** The process is gone, or another one took its place. */
  reset(node: number): void {
    this.#roles[node] = null;
    this.#states[node] = REPL_STATE_NONE;
    this.#ids[node] = '';
  }

  decided(record: DecisionRecord): void {
    const { outcome, reason, replid, offset, bytes, backlog, missingBytes } = record.decision;
    const replica = record.replica === null ? 'a client' : this.#names[record.replica]!;
    const asked = replid === null ? 'SYNC' : `PSYNC ${this.#idText(replid)} ${offset ?? '(no number)'}`;
    const held = backlog === null ? 'no backlog' : `backlog ${backlog.first}..${backlog.next - 1}`;
    const detail =
      outcome === 'partial'
        ? `, sends ${bytes} bytes`
        : missingBytes > 0
          ? `, ${missingBytes} bytes missing`
          : '';
    this.tell(
      'decision',
      this.#names[record.master]!,
      `${replica} asks ${asked}: ${outcome}/${reason} (${held}${detail})`,
    );
  }

  syncEnded(record: DecisionRecord): void {
    const { sync } = record;
    if (sync === null) return;
    const replica = record.replica === null ? 'a client' : this.#names[record.replica]!;
    const took = timeText(sync.endedAt - record.at);
    const text = `full sync of ${replica} ended: ${sync.ended} after ${took}, ${sync.rdbBytes} bytes of RDB`;
    this.tell('sync', this.#names[record.master]!, text);
  }

  attemptEnded(replica: number, master: number | null, ended: string): void {
    if (ended === 'psync') return;
    const target = master === null ? 'an address that is no node' : this.#names[master]!;
    this.tell('link', this.#names[replica]!, `attempt to reach ${target} ended: ${ended}`);
  }

  logged(node: number, level: LogLevel, message: string): void {
    if (level === 'debug' || level === 'verbose') return;
    for (const [pattern, kind] of TELLING) {
      if (pattern.test(message)) this.tell(kind, this.#names[node]!, message);
    }
  }

  #newId(node: number, server: RedisServer): void {
    const before = this.#ids[node]!;
    this.#ids[node] = server.replid;
    const from = before === '' ? '' : `, was ${this.#histories.name(before)}`;
    const fence =
      server.secondReplidOffset < 0
        ? ''
        : `; replid2 ${this.#histories.name(server.replid2)} up to ${server.secondReplidOffset}`;
    this.tell(
      'note',
      this.#names[node]!,
      `replid is ${this.#histories.name(server.replid)}${from} (offset ${server.masterReplOffset}${fence})`,
    );
  }

  #newRole(node: number, isMaster: boolean): void {
    const first = this.#roles[node] === null;
    this.#roles[node] = isMaster;
    const role = isMaster ? 'a master' : 'a replica';
    this.tell('role', this.#names[node]!, first ? `starts as ${role}` : `is now ${role}`);
  }

  #newState(node: number, state: number): void {
    const before = this.#states[node]!;
    this.#states[node] = state;
    const name = this.#names[node]!;
    if (state === REPL_STATE_CONNECTED) this.tell('link', name, 'link to the master is up');
    else if (before === REPL_STATE_CONNECTED) this.tell('link', name, 'link to the master is down');
    else if (state === REPL_STATE_TRANSFER) this.tell('link', name, 'receives an RDB');
  }

  #idText(replid: string): string {
    return replid === '?' ? '?' : this.#histories.name(replid);
  }
}
