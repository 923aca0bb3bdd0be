import { REPL_STATE_NAMES, type RedisServer } from '../../sim/redis/server.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import { type ListedSlave, nodeName, SlaveLists } from './slaves.ts';

/** What of a server's state replication turns on, for people: addresses are nodes, fields have Redis's names. */
export interface View {
  /** The node it replicates, or an address that is no node's; null for a master. */
  readonly masterhost: string | null;
  readonly repl_state: string;
  readonly replid: string;
  readonly replid2: string;
  readonly second_replid_offset: number;
  readonly master_repl_offset: number;
  /** Null without a backlog. */
  readonly repl_backlog_size: number | null;
  readonly repl_backlog_off: number;
  readonly repl_backlog_histlen: number;
  /** Id and applied offset of the cached master; null without one. */
  readonly cached_master: { readonly replid: string; readonly reploff: number } | null;
  /** Its replicas and their states as INFO gives them: `B online`. */
  readonly slaves: readonly string[];
}

/** Fields that every write moves: a change of these alone is no event in a server's life. */
const MOVING: ReadonlySet<keyof View> = new Set([
  'master_repl_offset',
  'repl_backlog_off',
  'repl_backlog_histlen',
]);

/** Makes views of the servers of one world. */
export class Viewer {
  readonly #world: SimulatedWorld;
  readonly #lists: SlaveLists;
  /** By node: the list that was put into words last, and these. */
  readonly #slaves: { list: readonly ListedSlave[]; texts: readonly string[] }[];

  constructor(world: SimulatedWorld) {
    this.#world = world;
    this.#lists = new SlaveLists(world);
    this.#slaves = world.nodeNames.map(() => ({ list: [], texts: [] }));
  }

  view(node: number, server: RedisServer): View {
    const { masterhost, masterport, cachedMaster, replBacklog } = server;
    return {
      masterhost: masterhost === null ? null : nodeName(this.#world, masterhost, masterport),
      repl_state: replStateName(this.#world, node, server),
      replid: server.replid,
      replid2: server.replid2,
      second_replid_offset: server.secondReplidOffset,
      master_repl_offset: server.masterReplOffset,
      repl_backlog_size: replBacklog === null ? null : server.replBacklogSize,
      repl_backlog_off: replBacklog === null ? 0 : server.replBacklogOff,
      repl_backlog_histlen: server.replBacklogHistlen,
      cached_master:
        cachedMaster === null ? null : { replid: cachedMaster.replid, reploff: cachedMaster.reploff },
      slaves: this.#slaveTexts(node, server),
    };
  }

  #slaveTexts(node: number, server: RedisServer): readonly string[] {
    const known = this.#slaves[node]!;
    const list = this.#lists.of(node, server);
    if (list !== known.list) {
      known.list = list;
      known.texts = list.map(({ name, state }) => `${name} ${state}`);
    }
    return known.texts;
  }
}

/** The state of a replica's link by the name that its version gives it. */
export function replStateName(world: SimulatedWorld, node: number, { replState }: RedisServer): string {
  return world.profile(node).replStateNames[replState] ?? REPL_STATE_NAMES[replState]!;
}

/** Whether two views differ in more than how far the stream has come. */
export function differs(a: View | null, b: View | null): boolean {
  if (a === null || b === null) return a !== b;
  return changedFields(a, b).some((field) => !MOVING.has(field));
}

/** The fields in which two views differ, in the order of the type. */
export function changedFields(a: View, b: View): (keyof View)[] {
  return (Object.keys(a) as (keyof View)[]).filter((field) => !same(a[field], b[field]));
}

function same(a: View[keyof View], b: View[keyof View]): boolean {
  if (a === b) return true;
  return typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
