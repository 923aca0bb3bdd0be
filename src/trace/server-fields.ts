import type { RedisServer } from '../../sim/redis/server.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import { nodeName, SlaveLists } from '../explain/slaves.ts';
import { replStateName } from '../explain/view.ts';
import type { Instant, TraceTables } from './tables.ts';
import { FIELDS, type Field, type FieldValue } from './trace.ts';

/** A time that Redis keeps in whole seconds, and when it was set last. */
interface Seen {
  seconds: number;
  at: number;
}

/** Writes the fields of every server into the trace, after each event. */
export class ServerFields {
  readonly #world: SimulatedWorld;
  readonly #tables: TraceTables;
  readonly #lists: SlaveLists;
  /** By node: the names of the replicas that it listed last. */
  readonly #listed: (readonly string[])[];
  readonly #seen = new Map<string, Seen>();

  constructor(world: SimulatedWorld, tables: TraceTables) {
    this.#world = world;
    this.#tables = tables;
    this.#lists = new SlaveLists(world);
    this.#listed = world.nodeNames.map(() => []);
  }

  look(node: number, instant: Instant): void {
    const server = this.#world.server(node);
    this.#tables.set(instant, node, 'process', this.#world.processState(node));
    if (server === null) {
      for (const field of this.#tables.fields(node)) {
        if (field !== 'process') this.#tables.set(instant, node, field, null);
      }
      this.#listed[node] = [];
      return;
    }
    const values = this.#valuesOf(node, server, instant);
    for (const field of FIELDS) {
      if (field !== 'process') this.#tables.set(instant, node, field, values[field]);
    }
    this.#lookAtSlaves(node, server, instant);
  }

  #valuesOf(
    node: number,
    server: RedisServer,
    instant: Instant,
  ): Record<Exclude<Field, 'process'>, FieldValue> {
    const { masterhost, replBacklog, cachedMaster, clients, master } = server;
    const hasBacklog = replBacklog !== null;
    return {
      masterhost: masterhost === null ? null : nodeName(this.#world, masterhost, server.masterport),
      repl_state: masterhost === null ? null : replStateName(this.#world, node, server),
      'master last interaction':
        master === null ? null : this.#when(`${node} master`, clients[master]!.lastinteraction, instant),
      replid: server.replid,
      replid2: server.secondReplidOffset < 0 ? null : server.replid2,
      second_replid_offset: server.secondReplidOffset < 0 ? null : server.secondReplidOffset,
      master_repl_offset: server.masterReplOffset,
      repl_backlog_size: hasBacklog ? server.replBacklogSize : null,
      repl_backlog_off: hasBacklog ? server.replBacklogOff : null,
      repl_backlog_histlen: hasBacklog ? server.replBacklogHistlen : null,
      repl_backlog_idx: replBacklog?.kind === 'ring' ? server.replBacklogIdx : null,
      'cached_master replid': cachedMaster?.replid ?? null,
      'cached_master reploff': cachedMaster?.reploff ?? null,
    };
  }

  #lookAtSlaves(node: number, server: RedisServer, instant: Instant): void {
    const list = this.#lists.of(node, server);
    const before = this.#listed[node]!;
    if (list.length === 0 && before.length === 0) return;
    // A replica that came back may be listed twice for a while; the later client is the one that lives.
    const byName = new Map(list.map((slave) => [slave.name, slave]));
    for (const name of before) {
      if (byName.has(name)) continue;
      for (const what of ['state', 'offset', 'ack time']) {
        this.#tables.set(instant, node, `slave ${name} ${what}`, null);
      }
    }
    for (const { name, state, client } of byName.values()) {
      const { replAckOff, replAckTime } = server.clients[client]!;
      this.#tables.set(instant, node, `slave ${name} state`, state);
      this.#tables.set(instant, node, `slave ${name} offset`, replAckOff);
      const when = this.#when(`${node} slave ${name}`, replAckTime, instant);
      this.#tables.set(instant, node, `slave ${name} ack time`, when);
    }
    if (before.length !== byName.size || !before.every((name) => byName.has(name))) {
      this.#listed[node] = [...byName.keys()];
    }
  }

  /** When a field that counts seconds got the value it has. */
  #when(what: string, seconds: number, { at }: Instant): number {
    const seen = this.#seen.get(what);
    if (seen?.seconds === seconds) return seen.at;
    this.#seen.set(what, { seconds, at });
    return at;
  }
}
