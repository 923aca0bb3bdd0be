import { CONTINUITY, ONE_HISTORY } from '../../../sim/invariants/index.ts';
import { CLIENT_PRE_PSYNC, SLAVE_STATE_ONLINE } from '../../../sim/redis/networking/client.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';
import { sayAny } from '../said.ts';
import type { RunScope } from '../scope.ts';
import type { AmbiguousIds } from './ambiguous-ids.ts';
import { endAtMaster } from './link-ends.ts';
import { holdSame } from './same-data.ts';
import type { Tell } from './tell.ts';

/** After a comparison that cost digests, the next so many of a node are left out; doubled each time up to the most. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 4096;
/** So many moves of a node are all looked at; of those that follow one in eight is, as data that differ stay so. */
const ALL_OF = 64;
const ONE_IN_EIGHT = 7;

/**
 * Whoever claims to be at one offset of one history must hold the same data. A replica is compared with its master
 * whenever it has caught up: mostly both hold the same object then, and that costs nothing. A replica that takes
 * writes of its own claims nothing.
 */
export class OneHistory {
  readonly #scope: RunScope;
  readonly #ambiguous: AmbiguousIds;
  readonly #tell: Tell;
  readonly #comparesData: boolean;
  readonly #comparesIds: boolean;
  /** By node: whom it follows, as its address was last looked up. */
  readonly #masters: { host: string; port: number; node: number | null }[];
  readonly #pauses: { length: number; left: number }[];
  readonly #moves: number[];

  constructor(scope: RunScope, ambiguous: AmbiguousIds, tell: Tell) {
    const { timeline } = scope.scenario;
    this.#scope = scope;
    this.#ambiguous = ambiguous;
    this.#tell = tell;
    this.#comparesData = !populates(scope);
    this.#comparesIds = !sayAny(timeline, ({ text }) => RENAMES.test(text));
    this.#masters = scope.names.map(() => ({ host: '', port: 0, node: null }));
    this.#pauses = scope.names.map(() => ({ length: FIRST_PAUSE, left: 0 }));
    this.#moves = scope.names.map(() => 0);
  }

  /** A server with a link to its master has moved: it may have caught up. */
  followed(node: number, server: RedisServer): void {
    const moves = this.#moves[node]! + 1;
    this.#moves[node] = moves;
    if (moves > ALL_OF && (moves & ONE_IN_EIGHT) !== 0) return;
    if (server.master === null || server.loading || this.#ambiguous.has(server.replid)) return;
    const link = server.clients[server.master];
    if (link === undefined || (link.flags & CLIENT_PRE_PSYNC) !== 0) return;
    const masterNode = this.#masterOf(node, server);
    if (masterNode === null) return;
    const master = this.#scope.world().server(masterNode);
    if (master === null || master.loading) return;
    const isSame = master.replid === server.replid;
    if (isSame && master.masterReplOffset === server.masterReplOffset) {
      // The database that the stream is in is the one that changed last.
      if (server.dbs[link.db] !== master.dbs[link.db]) {
        this.#compareWithMaster(node, server, masterNode, master);
      }
    } else if (!isSame || master.masterReplOffset < server.masterReplOffset) {
      this.#checkLink(node, server, masterNode, master);
    }
  }

  /** At the end, when a replica continues and at a promotion: all who are at one place, whatever it costs. */
  compareAll(): void {
    if (!this.#comparesData) return;
    const { names, histories } = this.#scope;
    const world = this.#scope.world();
    const seen = new Map<string, number>();
    for (let node = 0; node < names.length; node++) {
      const server = world.server(node);
      if (server === null || !claims(server) || this.#ambiguous.has(server.replid)) continue;
      const place = `${server.replid}:${server.masterReplOffset}`;
      const other = seen.get(place);
      if (other === undefined) seen.set(place, node);
      else if (!this.#hold(node, server, other, world.server(other)!)) {
        const where = `${histories.name(server.replid)}:${server.masterReplOffset}`;
        this.#tell(ONE_HISTORY, node, `${names[other]} and it are both at ${where}, and their data differ`);
      }
    }
  }

  #compareWithMaster(node: number, server: RedisServer, masterNode: number, master: RedisServer): void {
    if (!this.#comparesData || !claims(server) || !claims(master)) return;
    const pause = this.#pauses[node]!;
    if (pause.left > 0) {
      pause.left--;
      return;
    }
    pause.left = pause.length;
    pause.length = Math.min(2 * pause.length, LONGEST_PAUSE);
    const { names, histories } = this.#scope;
    const world = this.#scope.world();
    if (world.digest(node) === world.digest(masterNode)) return;
    const where = `${histories.name(server.replid)}:${server.masterReplOffset}`;
    this.#tell(ONE_HISTORY, node, `${names[masterNode]} and it are both at ${where}, and their data differ`);
  }

  #hold(node: number, server: RedisServer, other: number, otherServer: RedisServer): boolean {
    return holdSame(this.#scope.world(), [node, server], [other, otherServer]);
  }

  /** A link of which both ends know is one stream under one name, of which the replica has no more than its master. */
  #checkLink(node: number, server: RedisServer, masterNode: number, master: RedisServer): void {
    const end = endAtMaster(server, master);
    if (end === undefined || !master.slaves.includes(end.id) || end.replstate !== SLAVE_STATE_ONLINE) return;
    const { names, histories } = this.#scope;
    const own = histories.name(server.replid);
    if (master.replid === server.replid) {
      const text = `it is at ${own}:${server.masterReplOffset}, ahead of its master ${names[masterNode]}, at ${master.masterReplOffset}`;
      this.#tell(CONTINUITY, node, text);
    } else if (this.#comparesIds) {
      const text = `it follows ${names[masterNode]} under the name ${own}, which calls its history ${histories.name(master.replid)}`;
      this.#tell(CONTINUITY, node, text);
    }
  }

  #masterOf(node: number, { masterhost, masterport }: RedisServer): number | null {
    const known = this.#masters[node]!;
    if (known.host !== masterhost || known.port !== masterport) {
      known.host = masterhost!;
      known.port = masterport;
      known.node = this.#scope.world().nodeAt(masterhost!, masterport);
    }
    return known.node;
  }
}

/** Whether what a server holds is said by its place in the history. */
function claims({
  loading,
  suspendedExec,
  masterhost,
  replSlaveRo,
  master,
  cachedMaster,
}: RedisServer): boolean {
  if (loading || suspendedExec !== null) return false;
  if (masterhost === null) return true;
  // A synchronization that failed may have emptied it and left it the old name; it goes on from nothing.
  return replSlaveRo && (master !== null || cachedMaster !== null);
}

/** Whether a run uses DEBUG POPULATE, which makes keys of which no replica hears. */
export function populates({ scenario }: RunScope): boolean {
  return sayAny(scenario.timeline, ({ text }) => /^\s*debug\s+populate\b/i.test(text));
}

/** Of DEBUG CHANGE-REPL-ID no replica hears either. */
const RENAMES = /^\s*debug\s+change-repl-id\b/i;
