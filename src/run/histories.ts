import type { RdbFile } from '../../sim/redis/rdb/rdb-file.ts';
import type { RedisServer } from '../../sim/redis/server.ts';

/** What a WAIT after a write told of it: how many replicas it asked for, and which nodes held the write then. */
export interface WaitRecord {
  readonly asked: number;
  readonly holders: readonly number[];
}

/** An acknowledged write: where it stands in its history, and what its client was told of it. */
export interface AcknowledgedWrite {
  readonly offset: number;
  readonly number: number;
  /** When its reply came, in microseconds. */
  readonly at: number;
  /** Whether its master would have refused it for want of good replicas (min-replicas-to-write). */
  readonly guarded: boolean;
  /** How many replicas a WAIT after it counted. */
  waited: number;
  wait: WaitRecord | null;
}

/** A write that a WAIT was for, with the history it stands in. */
export interface WaitedWrite {
  readonly history: History;
  readonly write: AcknowledgedWrite;
}

/**
 * A place in a history: everything up to `offset`, and of what stands at that very offset (a master without
 * backlog writes on without moving it) the first `number` writes.
 */
export interface HistoryPosition {
  readonly history: History;
  readonly offset: number;
  readonly number: number;
}

/** One stretch of data written by one process under one replication id. */
export interface History {
  /** `A#1`: the first id that A made. */
  readonly name: string;
  readonly replid: string;
  /** The node whose process made it. */
  readonly owner: number;
  readonly process: number;
  /** What its maker held when it made it; null where it held nothing. */
  parent: HistoryPosition | null;
  /** Whether offsets count on from the parent's, so that a node behind the fork has less of the parent too. */
  readonly continuous: boolean;
  /** Commands that entered the stream under it. */
  writes: number;
  readonly acknowledged: AcknowledgedWrite[];
}

/**
 * The histories of a run as a tree. A replication id that no node had before was made by the node that shows
 * it first; its parent is what that node held then. So every write has one place, and a node holds the write
 * if the way from the node's own place up the tree passes it.
 */
export class Histories {
  readonly #names: readonly string[];
  readonly #byId = new Map<string, History>();
  readonly #current: (History | null)[];
  /** Each server's own string of its id: comparing it with itself costs nothing. */
  readonly #seen: (string | null)[];
  /** Each server's offset as last seen. */
  readonly #offsets: number[];
  readonly #first: (History | null)[];
  readonly #made: number[];
  readonly #process: number[];
  /** The file a process that just started has loaded, until its first id is known. */
  readonly #loaded: (HistoryPosition | null)[];
  readonly #fresh: boolean[];
  readonly #files = new WeakMap<RdbFile, HistoryPosition>();
  readonly all: History[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#current = names.map(() => null);
    this.#seen = names.map(() => null);
    this.#offsets = names.map(() => 0);
    this.#first = names.map(() => null);
    this.#made = names.map(() => 0);
    this.#process = names.map(() => 0);
    this.#loaded = names.map(() => null);
    this.#fresh = names.map(() => true);
  }

  /** `A#1` for an id that a node made, else its first digits. */
  name(replid: string): string {
    return this.#byId.get(replid)?.name ?? (/^0+$/.test(replid) ? 'none' : replid.slice(0, 8));
  }

  /** The name of every id that a node made. */
  namesById(): ReadonlyMap<string, string> {
    return new Map([...this.#byId].map(([replid, { name }]) => [replid, name]));
  }

  current(node: number): History | null {
    return this.#current[node]!;
  }

  find(replid: string): History | undefined {
    return this.#byId.get(replid);
  }

  /** The first history that a node's first process made: where its dataset of time 0 stands. */
  first(node: number): History | null {
    return this.#first[node]!;
  }

  /** A process ended: what the next one holds is what it loads. */
  ended(node: number): void {
    this.#process[node] = this.#process[node]! + 1;
    this.#fresh[node] = true;
    this.#loaded[node] = null;
    this.#current[node] = null;
  }

  /** Looks at a server after an event; cheap while its id is the very string seen last. */
  note(node: number, server: RedisServer): History {
    const current = this.#current[node]!;
    const { replid, masterReplOffset } = server;
    const before = this.#offsets[node]!;
    this.#offsets[node] = masterReplOffset;
    if (current !== null && this.#seen[node] === replid) return current;
    this.#seen[node] = replid;
    if (current !== null && current.replid === replid) return current;
    const known = this.#byId.get(server.replid);
    const history = known ?? this.#make(node, server, current, before);
    this.#current[node] = history;
    this.#fresh[node] = false;
    return history;
  }

  /**
   * A command entered the stream under this server's id. A process that writes under an id it did not make
   * begins a history of its own all the same: two of them under one name is what must never be.
   */
  propagated(node: number, server: RedisServer, before: number): History {
    let history = this.note(node, server);
    if (history.owner !== node || history.process !== this.#process[node]) {
      history = this.#add(node, `${history.name}'`, history.replid, {
        parent: { history, offset: before, number: Number.POSITIVE_INFINITY },
        continuous: true,
      });
      this.#current[node] = history;
    }
    history.writes++;
    return history;
  }

  acknowledged(
    history: History,
    offset: number,
    number: number,
    at: number,
    guarded: boolean,
  ): AcknowledgedWrite {
    const write = { offset, number, at, guarded, waited: 0, wait: null };
    history.acknowledged.push(write);
    return write;
  }

  /** A snapshot of what the node holds now was begun, or is being written at once. */
  positionOf(node: number, server: RedisServer): HistoryPosition {
    const history = this.note(node, server);
    return { history, offset: server.masterReplOffset, number: history.writes };
  }

  /** A file was written to a node's disk; `begun` is the place of its snapshot. */
  fileWritten(file: RdbFile, begun: HistoryPosition): void {
    if (!this.#files.has(file)) this.#files.set(file, this.#namedBy(file) ?? begun);
  }

  /** A starting process loads this file. */
  fileRead(node: number, file: RdbFile): void {
    const position = this.#namedBy(file) ?? this.#files.get(file) ?? null;
    const current = this.#current[node]!;
    if (this.#fresh[node]) this.#loaded[node] = position;
    else if (current !== null && current.owner === node && current.writes === 0) current.parent ??= position;
  }

  /** Where the history of a node stands now. */
  position(node: number, server: RedisServer): HistoryPosition {
    return {
      history: this.note(node, server),
      offset: server.masterReplOffset,
      number: Number.POSITIVE_INFINITY,
    };
  }

  #namedBy(file: RdbFile): HistoryPosition | undefined {
    if (file.repl === null) return undefined;
    const history = this.#byId.get(file.repl.id);
    return history && { history, offset: file.repl.offset, number: Number.POSITIVE_INFINITY };
  }

  #make(node: number, server: RedisServer, previous: History | null, before: number): History {
    this.#made[node] = this.#made[node]! + 1;
    const shifted = previous !== null && server.replid2 === previous.replid;
    const parent =
      previous === null
        ? this.#loaded[node]!
        : {
            history: previous,
            offset: shifted ? leftAt(server, previous.replid, before) : server.masterReplOffset,
            number: Number.POSITIVE_INFINITY,
          };
    return this.#add(node, `${this.#names[node]}#${this.#made[node]}`, server.replid, {
      parent,
      continuous: shifted,
    });
  }

  #add(
    node: number,
    name: string,
    replid: string,
    origin: { parent: HistoryPosition | null; continuous: boolean },
  ): History {
    const history: History = {
      name,
      replid,
      owner: node,
      process: this.#process[node]!,
      ...origin,
      writes: 0,
      acknowledged: [],
    };
    if (!this.#byId.has(replid)) this.#byId.set(replid, history);
    this.#first[node] ??= history;
    this.all.push(history);
    return history;
  }
}

/**
 * Where a server left the history that it had under `replid`, when it was seen at `before` last: what it says itself
 * counts only where it lies between that and where it is now.
 */
export function leftAt(server: RedisServer, replid: string, before: number): number {
  const said = server.secondReplidOffset - 1;
  const isPossible = server.replid2 === replid && said >= before && said <= server.masterReplOffset;
  return isPossible ? said : before;
}

/** Where the way up from `position` passes `history`: how much of it is held; undefined if it does not pass. */
export function heldOf(
  position: HistoryPosition,
  history: History,
): { offset: number; number: number } | undefined {
  let { history: at, offset, number } = position;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (at === history) return { offset, number };
    const { parent } = at;
    if (parent === null) return undefined;
    if (at.continuous && offset < parent.offset) {
      at = parent.history;
      continue;
    }
    ({ history: at, offset, number } = parent);
  }
  return undefined;
}

/** The way up is no longer than this, but for servers that break their promises and make a circle of it. */
const MOST_STEPS = 100_000;

/** Whether a write at this place lies within what is held of its history. */
export function holdsWrite(
  held: { readonly offset: number; readonly number: number } | undefined,
  write: { readonly offset: number; readonly number: number },
): boolean {
  if (held === undefined) return false;
  return write.offset < held.offset || (write.offset === held.offset && write.number <= held.number);
}
