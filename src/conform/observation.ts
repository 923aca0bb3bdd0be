import type { RunResult } from '../run/result.ts';

/**
 * What happened in one run of a scenario, in a shape that a simulation and real servers share: addresses are the
 * simulation's, ids and digests are still as they were.
 */
export interface Observation {
  readonly decisions: readonly SeenDecision[];
  readonly replies: readonly SeenReply[];
  readonly moments: readonly Moment[];
  /** Lines of the file whose entry never acted. */
  readonly neverActed: readonly number[];
  /** When each node's process first began its event loop, in milliseconds; empty where nobody measured it. */
  readonly boots: Readonly<Record<string, number>>;
  /** Ticks of workloads without a command, since the reply before was still out. */
  readonly skippedTicks: number;
}

export interface SeenDecision {
  readonly at_ms: number;
  /** Null where the request came from no node. */
  readonly replica: string | null;
  readonly master: string;
  readonly outcome: string;
  /** Null where the logs do not tell. */
  readonly reason: string | null;
  readonly offset: number | null;
  readonly bytes: number | null;
}

export interface SeenReply {
  readonly at_ms: number;
  readonly on: string;
  readonly run: string;
  readonly reply: string | null;
}

/** All nodes at one time: a snapshot, or the end. */
export interface Moment {
  readonly name: string;
  readonly at_ms: number;
  readonly nodes: Readonly<Record<string, NodeView>>;
}

/** `busy`: it did not answer in time, so nobody knows. */
export type NodeView =
  | { readonly state: 'down' | 'frozen' | 'busy' }
  | {
      readonly state: 'up';
      readonly info: Readonly<Record<string, string | number>>;
      /** DEBUG DIGEST; only at the end. */
      readonly digest: string | null;
    };

/**
 * What a simulation did, without what real servers did not tell of themselves: names of ids and datasets are given
 * in the order in which they appear, and have to appear on both sides.
 */
export function asToldBy(real: Observation, simulated: Observation): Observation {
  const moments = simulated.moments.map((moment): Moment => {
    const seen = real.moments.find(({ name }) => name === moment.name)?.nodes ?? {};
    const nodes = Object.entries(moment.nodes).map(([node, view]): [string, NodeView] => {
      const told = seen[node];
      if (told === undefined || view.state !== 'up') return [node, view];
      if (told.state === 'busy' || told.state === 'frozen') return [node, told];
      return [node, told.state === 'up' && told.digest === null ? { ...view, digest: null } : view];
    });
    return { ...moment, nodes: Object.fromEntries(nodes) };
  });
  return { ...simulated, moments };
}

export const END = 'end';

/** What a simulation did, in the shared shape. */
export function observationOf(result: RunResult): Observation {
  const snapshots = result.snapshots.map(
    ({ at_ms, nodes }): Moment => ({
      name: snapshotName(at_ms),
      at_ms,
      nodes: Object.fromEntries(
        Object.entries(nodes).map(([name, info]): [string, NodeView] => [
          name,
          info === 'down' ? { state: 'down' } : { state: 'up', info, digest: null },
        ]),
      ),
    }),
  );
  const end: Moment = {
    name: END,
    at_ms: result.duration_ms,
    nodes: Object.fromEntries(
      Object.entries(result.nodes).map(([name, node]): [string, NodeView] => [
        name,
        node.state === 'up' ? { state: 'up', info: node.info, digest: node.digest } : { state: node.state },
      ]),
    ),
  };
  return {
    decisions: result.decisions.map(({ at_ms, replica, master, outcome, reason, offset, bytes }) => ({
      at_ms,
      replica,
      master,
      outcome,
      reason,
      offset,
      bytes,
    })),
    replies: result.replies,
    moments: [...snapshots, end],
    neverActed: result.failures.filter(({ kind }) => kind === 'trigger').map(({ line }) => line),
    boots: {},
    skippedTicks: result.clients.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

export function snapshotName(atMs: number): string {
  return `${atMs / 1000}s`;
}
