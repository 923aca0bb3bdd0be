import type { Profile } from '../../../sim/redis/profile.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';
import type { LinkSpec } from '../../scenario/scenario.ts';
import type { RunScope } from '../scope.ts';
import { endAtMaster } from './link-ends.ts';

/** What the timeline and the nemesis have left as it is. */
export interface OngoingFaults {
  /** What was done and not undone, in words. */
  inForce(): readonly string[];
  /** A direction of a link as it is now. */
  link(from: number, to: number): LinkSpec;
}

/** Packets that get lost now and then cost a timeout of TCP, of which a bound knows nothing. */
const MOST_LOSS = 0;
/** A reply of the handshake must come within five seconds. */
const LONGEST_ROUND_TRIP = 2_000_000;

/** Why the nodes cannot come together again, however long one waits; null where nothing is in the way. */
export function inTheWay(scope: RunScope, faults: OngoingFaults): string | null {
  const { names } = scope;
  const world = scope.world();
  for (const [node, name] of names.entries()) {
    const state = world.processState(node);
    if (state !== 'up') return `${name} is ${state}`;
  }
  const [fault] = faults.inForce();
  if (fault !== undefined) return fault;
  for (const node of names.keys()) {
    const why = inTheWayOf(node, scope, faults);
    if (why !== null) return why;
  }
  return null;
}

function inTheWayOf(node: number, scope: RunScope, faults: OngoingFaults): string | null {
  const { names } = scope;
  const world = scope.world();
  const server = world.server(node);
  const name = names[node]!;
  if (server === null) return `${name} is down`;
  if (isPaused(server, world.now)) return `${name} is paused`;
  if (server.failoverState === 'wait-for-sync') {
    // replicationCron holds its PINGs back only while failover_end_time is set.
    if (server.failoverEndTime === 0)
      return `${name} may run after its own PINGs in a FAILOVER without TIMEOUT`;
    // syncCommand refuses everybody meanwhile, also who is waited for.
    if (!hasTarget(server, scope)) return `${name} waits in a FAILOVER for a replica that it does not let in`;
  }
  if (server.masterhost === null) return null;
  const masterNode = world.nodeAt(server.masterhost, server.masterport);
  if (masterNode === null) return `${name} follows an address that is no node's`;
  const root = rootOf(node, scope);
  if (root === null) return `${name} follows a ring of replicas`;
  const master = world.server(masterNode);
  if (master === null) return `${names[masterNode]} is down`;
  return (
    refusesPassword(server, master, names[masterNode]!, name, world.profile(masterNode)) ??
    cannotRead(server, [world.profile(node), name], [world.profile(masterNode), names[masterNode]!]) ??
    flaps(server, root, name) ??
    linkIsBad(node, masterNode, scope, faults) ??
    failedSync(node, scope)
  );
}

/** Whether the replica that a FAILOVER waits for has a link; any will do where none was named. */
function hasTarget(server: RedisServer, scope: RunScope): boolean {
  const world = scope.world();
  const { targetReplicaHost: host, targetReplicaPort: port } = server;
  if (host === null) return server.slaves.length > 0;
  const target = world.nodeAt(host, port);
  const replica = target === null ? null : world.server(target);
  return replica !== null && endAtMaster(replica, server) !== undefined;
}

/** The server at the head of a node's tree; null where there is a ring instead. */
function rootOf(node: number, scope: RunScope): RedisServer | null {
  const world = scope.world();
  let server = world.server(node);
  for (let steps = 0; steps < scope.names.length; steps++) {
    if (server === null || server.masterhost === null) return server;
    const master = world.nodeAt(server.masterhost, server.masterport);
    server = master === null ? null : world.server(master);
  }
  return server?.masterhost === null ? server : null;
}

/** Whether somebody made it wait; the pause of a FAILOVER ends by itself. */
function isPaused(server: RedisServer, now: number): boolean {
  const { command, shutdown } = server.clientPauses;
  const ends = [command?.end ?? 0, shutdown?.end ?? 0];
  return server.clientsPaused || ends.some((end) => end > server.mstime) || server.blockedUntil > now;
}

function refusesPassword(
  server: RedisServer,
  master: RedisServer,
  masterName: string,
  name: string,
  { knowsUsers }: Profile,
): string | null {
  if (master.requirepass !== null) {
    return server.masterauth === master.requirepass ? null : `${name} does not know ${masterName}'s password`;
  }
  // Without users AUTH is refused where no password is set.
  const isRefused = server.masterauth !== null && !knowsUsers;
  return isRefused ? `${name} sends a password, and ${masterName} has none` : null;
}

/** An old replica that has nothing to go on from needs an RDB, and its new master's is beyond it. */
function cannotRead(
  { master, cachedMaster }: RedisServer,
  [profile, name]: readonly [Profile, string],
  [masterProfile, masterName]: readonly [Profile, string],
): string | null {
  if (master !== null || cachedMaster !== null || profile.rdbVersion >= masterProfile.rdbVersion) return null;
  return `${name} cannot read RDB version ${masterProfile.rdbVersion}, which ${masterName} writes`;
}

/** A replica hears nothing but PINGs of an idle master. */
function flaps(server: RedisServer, root: RedisServer, name: string): string | null {
  if (server.replTimeout > root.replPingSlavePeriod) return null;
  return `${name} gives its master up after ${server.replTimeout}s, and PINGs come every ${root.replPingSlavePeriod}s`;
}

function linkIsBad(node: number, masterNode: number, scope: RunScope, faults: OngoingFaults): string | null {
  const ends = [faults.link(node, masterNode), faults.link(masterNode, node)] as const;
  const between = `between ${scope.names[masterNode]} and ${scope.names[node]}`;
  if (ends.some(({ loss }) => loss > MOST_LOSS)) return `packets get lost ${between}`;
  const roundTrip = ends.reduce((sum, { latency, jitter }) => sum + latency + jitter, 0);
  return roundTrip > LONGEST_ROUND_TRIP ? `a reply takes as long as the timeouts ${between}` : null;
}

/** A full synchronization that failed for want of room, time or a readable file fails again. */
function failedSync(node: number, scope: RunScope): string | null {
  const { names, records, calm } = scope;
  const failed = records.decisions.findLast(
    ({ replica, at, sync }) =>
      replica === node && at >= calm.since && sync !== null && LASTING.has(sync.ended),
  );
  return failed === undefined
    ? null
    : `full synchronizations of ${names[node]} end with ${failed.sync!.ended}`;
}

const LASTING: ReadonlySet<string> = new Set([
  'output-limit',
  'transfer-timeout',
  'bgsave-failed',
  'load-failed',
]);
