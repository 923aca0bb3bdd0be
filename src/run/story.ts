import type { DecisionRecord } from '../../sim/observer.ts';
import {
  REPL_STATE_CONNECTED,
  REPL_STATE_NONE,
  REPL_STATE_TRANSFER,
  type RedisServer,
} from '../../sim/redis/server.ts';
import type { LogLevel } from '../../sim/redis/system.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import type { Histories } from './histories.ts';
import type { StoryEvent } from './result.ts';
import { timeText } from './time.ts';

/** A backlog that holds nothing yet is said to be empty, not `1..0`. */
function backlogText({ first, next }: { readonly first: number; readonly next: number }): string {
  return first === next ? `backlog empty, next is ${next}` : `backlog ${first}..${next - 1}`;
}

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
  readonly #world: () => SimulatedWorld;
  readonly #roles: (boolean | null)[];
  readonly #states: number[];
  readonly #ids: string[];
  /** Whom each replica was connected to last. */
  readonly #masters: string[];
  readonly #events: MutableEvent[] = [];
  /** The failed attempt that was the last thing told of a node. */
  readonly #attempts = new Map<string, { event: { text: string }; text: string; more: number }>();

  constructor(names: readonly string[], histories: Histories, world: () => SimulatedWorld) {
    this.#world = world;
    this.#names = names;
    this.#histories = histories;
    this.#roles = names.map(() => null);
    this.#states = names.map(() => REPL_STATE_NONE);
    this.#ids = names.map(() => '');
    this.#masters = names.map(() => 'the master');
  }

  get events(): readonly StoryEvent[] {
    return this.#events;
  }

  /** Adds a line; the one who adds it may complete its text later. */
  tell(kind: StoryEvent['kind'], node: string | null, text: string): { text: string } {
    if (node !== null) this.#attempts.delete(node);
    const { now: at, events: number } = this.#world();
    const event: MutableEvent = { at, event: number, node, kind, text };
    this.#events.push(event);
    return event;
  }

  /** Looks at a server after an event that touched it. */
  look(node: number, server: RedisServer): void {
    if (server.replid !== this.#ids[node]) this.#newId(node, server);
    const isMaster = server.masterhost === null;
    if (isMaster !== this.#roles[node]) this.#newRole(node, server);
    if (server.replState !== this.#states[node]) this.#newState(node, server);
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
    const held = backlog === null ? 'no backlog' : backlogText(backlog);
    const detail =
      outcome === 'partial'
        ? `, sends ${bytes} bytes`
        : missingBytes > 0
          ? `, ${missingBytes} bytes missing`
          : '';
    this.tell(
      'decision',
      this.#names[record.master]!,
      `${replica} asks ${asked}: ${outcome}/${reason} (${held}${detail}${this.#idsCompared(record)})`,
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
    this.#tellAgain(this.#names[replica]!, `attempt to reach ${target} ended: ${ended}`);
  }

  /** A replica tries once a second: what ends as the attempt before it is counted on that one's line. */
  #tellAgain(node: string, text: string): void {
    const repeated = this.#attempts.get(node);
    if (repeated?.text !== text) {
      const event = this.tell('link', node, text);
      this.#attempts.set(node, { event, text, more: 0 });
      return;
    }
    repeated.more++;
    const times = repeated.more === 1 ? 'once' : `${repeated.more} times`;
    repeated.event.text = `${text} (and ${times} more until ${timeText(this.#world().now)})`;
  }

  logged(node: number, level: LogLevel, message: string): void {
    if (level === 'debug' || level === 'verbose') return;
    for (const [pattern, kind] of TELLING) {
      if (pattern.test(message)) this.tell(kind, this.#names[node]!, this.#withNames(message));
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

  #newRole(node: number, server: RedisServer): void {
    const first = this.#roles[node] === null;
    const isMaster = server.masterhost === null;
    this.#roles[node] = isMaster;
    const role = isMaster ? 'a master' : `a replica of ${this.#masterOf(server)}`;
    this.tell('role', this.#names[node]!, first ? `starts as ${role}` : `is now ${role}`);
  }

  #newState(node: number, server: RedisServer): void {
    const before = this.#states[node]!;
    const state = server.replState;
    this.#states[node] = state;
    const name = this.#names[node]!;
    const master = this.#masters[node]!;
    if (state === REPL_STATE_CONNECTED) {
      this.#masters[node] = this.#masterOf(server);
      this.tell('link', name, `link to ${this.#masters[node]} is up (offset ${server.masterReplOffset})`);
    } else if (before === REPL_STATE_CONNECTED) {
      this.tell('link', name, `link to ${master} is down (offset ${server.masterReplOffset})`);
    } else if (state === REPL_STATE_TRANSFER) {
      this.tell('link', name, 'receives an RDB');
    }
  }

  /** The name of a replica's master, or its address where it is no node's. */
  #masterOf({ masterhost, masterport }: RedisServer): string {
    const node = masterhost === null ? null : this.#world().nodeAt(masterhost, masterport);
    return node === null ? `${masterhost}:${masterport}` : this.#names[node]!;
  }

  #withNames(message: string): string {
    return message.replace(/(\d+\.\d+\.\d+\.\d+):(\d+)/g, (address, ip: string, port: string) => {
      const node = this.#world().nodeAt(ip, Number(port));
      return node === null ? address : this.#names[node]!;
    });
  }

  /** Where the ids decided against a partial resync: what the master's own are. */
  #idsCompared({ master, decision: { reason } }: DecisionRecord): string {
    if (reason !== 'replid-mismatch' && reason !== 'replid2-offset') return '';
    const server = this.#world().server(master);
    if (server === null) return '';
    const second =
      server.secondReplidOffset < 0
        ? 'no replid2'
        : `replid2 ${this.#histories.name(server.replid2)} up to ${server.secondReplidOffset}`;
    return `; its replid is ${this.#histories.name(server.replid)}, ${second}`;
  }

  #idText(replid: string): string {
    return replid === '?' ? '?' : this.#histories.name(replid);
  }
}
