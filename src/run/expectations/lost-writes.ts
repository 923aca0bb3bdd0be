import type { Position } from '../../scenario/scenario.ts';
import { ScenarioRunError } from '../errors.ts';
import { compareNumbers } from '../fields.ts';
import {
  type AcknowledgedWrite,
  type History,
  type HistoryPosition,
  heldOf,
  holdsWrite,
} from '../histories.ts';
import type { RunScope } from '../scope.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

/** The nodes whose process is up and that replicate nobody, at this moment. */
export function mastersNow(scope: RunScope): number[] {
  return scope.names.map((_, node) => node).filter((node) => scope.world().server(node)?.masterhost === null);
}

/** Acknowledged writes missing from what at least one of these nodes holds. */
export function countLost(nodes: readonly number[], leastWaited: number, scope: RunScope): number {
  let lost = 0;
  forEachLost(nodes, leastWaited, scope, () => {
    lost++;
  });
  return lost + lostDatasets(nodes, scope);
}

/** Visits each write that is missing from at least one of these nodes, by histories in the order they were made. */
export function forEachLost(
  nodes: readonly number[],
  leastWaited: number,
  scope: RunScope,
  visit: (write: AcknowledgedWrite, history: History) => void,
): void {
  const positions = nodes.map((node) => positionOf(node, scope));
  for (const history of scope.histories.all) {
    const held = positions.map((position) => (position === null ? undefined : heldOf(position, history)));
    for (const write of history.acknowledged) {
      if (write.waited < leastWaited) continue;
      if (held.some((part) => !holdsWrite(part, write))) visit(write, history);
    }
  }
}

/** A dataset counts as one write, acknowledged at time 0 on the master that held it. */
export function lostDatasets(nodes: readonly number[], scope: RunScope): number {
  const positions = nodes.map((node) => positionOf(node, scope));
  let lost = 0;
  scope.scenario.nodes.forEach((spec, node) => {
    const history = scope.histories.first(node);
    if (spec.dataset === 0 || spec.replicaof !== null || history === null) return;
    const missing = (position: HistoryPosition | null): boolean =>
      position === null || heldOf(position, history) === undefined;
    if (positions.some(missing)) lost++;
  });
  return lost;
}

function positionOf(node: number, scope: RunScope): HistoryPosition | null {
  const server = scope.world().server(node);
  return server === null ? null : scope.histories.position(node, server);
}

/**
 * Of whom the result counts what is lost where no expectation says it: the one master, or of several, or of all nodes
 * where none is one, the one that lacks the fewest.
 */
export function likeliestSurvivor(scope: RunScope): number {
  const masters = mastersNow(scope);
  const candidates = masters.length > 0 ? masters : scope.names.map((_, node) => node);
  if (candidates.length === 1) return candidates[0]!;
  const counts = candidates.map((node) => countLost([node], 0, scope));
  return candidates[counts.indexOf(Math.min(...counts))]!;
}

export function judgeLostWrites(spec: ExpectationOf<'lost_writes'>, scope: RunScope): Verdict {
  return () => {
    const nodes =
      spec.of === null ? [theMaster(spec.position, scope)] : spec.of.map((name) => scope.fields.node(name));
    if (nodes.includes(-1)) {
      const message = `expected lost_writes ${spec.test.op} ${spec.test.value}, but no master was up at the end`;
      scope.failures.add('expectation', spec.position, message);
      return;
    }
    const count = countLost(nodes, spec.acked.kind === 'wait' ? spec.acked.atLeast : 0, scope);
    if (compareNumbers(count, spec.test.op, spec.test.value)) return;
    const of = nodes.map((node) => scope.names[node]!).join(', ');
    const message = `expected lost_writes of ${of} ${spec.test.op} ${spec.test.value}, was ${count}`;
    scope.failures.add('expectation', spec.position, message);
  };
}

/** The one master at the end, -1 where none is up. */
function theMaster(position: Position, scope: RunScope): number {
  const masters = mastersNow(scope);
  if (masters.length > 1) {
    const names = masters.map((node) => scope.names[node]!).join(' and ');
    throw new ScenarioRunError(
      position,
      `lost_writes of whom? ${names} are masters at the end`,
      'say it with "of: [..]"',
    );
  }
  return masters[0] ?? -1;
}
