import { CONVERGENCE } from '../../../sim/invariants/index.ts';
import { SLAVE_STATE_ONLINE } from '../../../sim/redis/networking/client.ts';
import { REPL_STATE_CONNECTED, type RedisServer } from '../../../sim/redis/server.ts';
import type { ConvergenceResult } from '../result.ts';
import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import { inTheWay, type OngoingFaults } from './in-the-way.ts';
import { endAtMaster } from './link-ends.ts';
import { populates } from './one-history.ts';
import { holdSame } from './same-data.ts';
import type { Tell } from './tell.ts';

const SECOND = 1_000_000;
const GIGABYTE = 1024 ** 3;
/** Redis compares whole seconds with `>`, once a second: what is to last L seconds lasts less than L + 2. */
const WHOLE_SECONDS = 2 * SECOND;
/** The longest that a replica of Redis 5 waits for one reply of the handshake, with its process standing still. */
const SYNC_IO = 5 * SECOND;
/** Of a level of the tree: the next cron that connects, the one that starts a save, and the first ACK. */
const CRONS = 3 * SECOND;
/** The next ACK of a replica that is waited for, and the PSYNC that hands over to it. */
const HANDOVER = 3 * SECOND;
/** Journeys of a handshake, a request and its answer, and of the slow start of a transfer. */
const ROUND_TRIPS = 20;

/**
 * Once everything is over, whoever can be reached is online again and holds the same data, in a time that follows from
 * the timeouts, the size of the data and the speed of links and machines. A run says so only where nothing was done to
 * it for that long before its end, and where nothing is in the way.
 */
export function judgeConvergence(scope: RunScope, faults: OngoingFaults, tell: Tell): ConvergenceResult {
  const apart = scope.names
    .map((_, node) => ({ node, missing: missingOf(node, scope) }))
    .filter(({ missing }) => missing !== null);
  if (apart.length === 0) return { verdict: 'reached', reason: null };
  const obstacle = inTheWay(scope, faults);
  if (obstacle !== null) return { verdict: 'cannot', reason: obstacle };
  const quiet = scope.hand.now - scope.calm.since;
  const late = apart.find(({ node }) => quiet >= boundOf(node, scope, faults));
  const { node, missing } = late ?? apart[0]!;
  const text = `${scope.names[node]} ${missing}, ${timeText(quiet)} after the last that was done to it`;
  const bound = timeText(boundOf(node, scope, faults));
  if (late === undefined) return { verdict: 'not-judged', reason: `${text}, and it may take ${bound}` };
  const reason = `${text}; ${bound} are enough`;
  tell(CONVERGENCE, node, reason);
  return { verdict: 'missed', reason };
}

/** The node that a replica follows, where nothing is in the way. */
function masterOf(server: RedisServer, scope: RunScope): number {
  return scope.world().nodeAt(server.masterhost!, server.masterport)!;
}

/** What a node lacks of having come together with its master; null where it has, or has none. */
function missingOf(node: number, scope: RunScope): string | null {
  const world = scope.world();
  const server = world.server(node);
  if (server === null) return 'is down';
  if (server.failoverState !== 'none') return 'is still about to hand over in a FAILOVER';
  if (server.masterhost === null) return null;
  const masterNode = world.nodeAt(server.masterhost, server.masterport);
  const master = masterNode === null ? null : world.server(masterNode);
  if (masterNode === null || master === null) return 'has no master that is up';
  const name = scope.names[masterNode];
  if (server.loading || server.master === null || server.replState !== REPL_STATE_CONNECTED) {
    return `has no link to ${name}`;
  }
  if (endAtMaster(server, master)?.replstate !== SLAVE_STATE_ONLINE) {
    return `has a link to ${name} of which that does not know`;
  }
  if (server.replid !== master.replid) return `has another history than ${name}`;
  if (!server.replSlaveRo || (master.masterhost !== null && !master.replSlaveRo) || populates(scope))
    return null;
  return holdSame(world, [node, server], [masterNode, master]) ? null : `holds other data than ${name}`;
}

/** How long it takes at most, in microseconds, from the last disturbance until a node lacks nothing. */
function boundOf(node: number, scope: RunScope, faults: OngoingFaults): number {
  if (scope.world().server(node)!.failoverState === 'none') return oneBoundOf(node, scope, faults);
  // It hands over to a replica that has everything and has said so.
  return HANDOVER + Math.max(...scope.names.map((_, other) => oneBoundOf(other, scope, faults)));
}

/** The same, until a replica and all above it are one. */
function oneBoundOf(node: number, scope: RunScope, faults: OngoingFaults): number {
  const world = scope.world();
  let longest = 0;
  let levels = 0;
  let at = node;
  let server = world.server(at)!;
  while (server.masterhost !== null) {
    const masterNode = masterOf(server, scope);
    const master = world.server(masterNode)!;
    // Both ends must have noticed that an old link is dead.
    longest = Math.max(longest, server.replTimeout, master.replTimeout);
    levels += levelOf(at, masterNode, master, scope, faults);
    at = masterNode;
    server = master;
  }
  return Math.ceil(longest * SECOND + WHOLE_SECONDS + SYNC_IO + levels);
}

/** A full synchronization of one level, after a save and a transfer that were under way. */
function levelOf(
  node: number,
  masterNode: number,
  master: RedisServer,
  scope: RunScope,
  faults: OngoingFaults,
): number {
  const bytes = Object.values(master.dbs).reduce((sum, { dataBytes }) => sum + dataBytes, 0);
  const of = (index: number): (typeof scope.scenario.nodes)[number] => scope.scenario.nodes[index]!;
  const { saveBytesPerSecond, forkMicrosPerGigabyte } = of(masterNode).machine;
  const down = faults.link(masterNode, node);
  const up = faults.link(node, masterNode);
  const roundTrip = down.latency + down.jitter + up.latency + up.jitter;
  const save = (bytes / saveBytesPerSecond) * SECOND + (bytes / GIGABYTE) * forkMicrosPerGigabyte;
  const transfer = (bytes / Math.min(down.bandwidth, saveBytesPerSecond)) * SECOND;
  const load = (bytes / of(node).machine.loadBytesPerSecond) * SECOND;
  // A child that writes to a dead socket ends after repl-timeout, and nobody else is served before.
  const diskless = (master.replDisklessSyncDelay + master.replTimeout) * SECOND + WHOLE_SECONDS;
  const wait = master.replDisklessSync ? diskless : 0;
  return CRONS + ROUND_TRIPS * roundTrip + wait + 2 * save + 2 * transfer + load;
}
