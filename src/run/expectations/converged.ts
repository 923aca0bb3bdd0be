import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import type { Watch } from '../watch.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

/** Whether nodes have the same replication id, offset and data; the data are compared only if the rest is equal. */
export function haveConverged(nodes: readonly number[], scope: RunScope): boolean {
  const world = scope.world();
  const first = world.server(nodes[0]!);
  if (first === null) return false;
  for (let i = 1; i < nodes.length; i++) {
    const other = world.server(nodes[i]!);
    if (other === null || other.replid !== first.replid) return false;
    if (other.masterReplOffset !== first.masterReplOffset) return false;
  }
  for (const node of nodes) if (world.server(node)!.loading) return false;
  const digest = world.digest(nodes[0]!);
  for (let i = 1; i < nodes.length; i++) if (world.digest(nodes[i]!) !== digest) return false;
  return true;
}

/** `B at A#2:2861, C is down`. */
function places(nodes: readonly number[], scope: RunScope): string {
  const world = scope.world();
  const texts = nodes.map((node) => {
    const server = world.server(node);
    const name = scope.names[node]!;
    if (server === null) return `${name} is down`;
    return `${name} at ${scope.histories.name(server.replid)}:${server.masterReplOffset}`;
  });
  const servers = nodes.map((node) => world.server(node));
  const first = servers[0];
  const sameRecord = servers.every(
    (server) =>
      server && server.replid === first!.replid && server.masterReplOffset === first!.masterReplOffset,
  );
  return texts.join(', ') + (sameRecord ? ', but their data differ' : '');
}

/** The same id, offset and data at one time, or at some moment of a span. */
export function judgeConverged(spec: ExpectationOf<'converged'>, scope: RunScope): Verdict {
  const nodes = spec.nodes.map((name) => scope.fields.node(name));
  const fail = (when: string): void => {
    const message = `expected ${spec.nodes.join(', ')} to have converged ${when}, was ${places(nodes, scope)}`;
    scope.failures.add('expectation', spec.position, message);
  };
  const { when } = spec;
  if ('within' in when) return judgeWithin(nodes, when, fail, scope);
  const { at } = when;
  const text = at === null ? 'by the end' : `at ${timeText(at)}`;
  const look = (): void => {
    if (!haveConverged(nodes, scope)) fail(text);
  };
  if (at === null) return look;
  let looked = false;
  scope.checkpoints.push({
    time: at,
    look: () => {
      looked = true;
      look();
    },
  });
  return () => {
    if (!looked) fail(`${text} (not reached)`);
  };
}

function judgeWithin(
  nodes: readonly number[],
  when: { readonly within: number; readonly after: string | null },
  fail: (when: string) => void,
  scope: RunScope,
): Verdict {
  const { watches, hand } = scope;
  const text = `within ${timeText(when.within)}${when.after === null ? '' : ` after "${when.after}"`}`;
  let started = -1;
  let done = false;
  const watch: Watch = {
    nodes,
    active: false,
    look: () => {
      const late = hand.now > started + when.within;
      if (!late && !haveConverged(nodes, scope)) return;
      if (late) fail(text);
      done = true;
      watches.remove(watch);
    },
  };
  const start = (): void => {
    if (started >= 0) return;
    started = hand.now;
    watches.add(watch);
  };
  if (when.after === null) {
    scope.checkpoints.push({
      time: 0,
      look: () => {
        start();
        started = 0;
        watch.look();
      },
    });
  } else {
    scope.listeners.acted.push((id) => {
      if (id === when.after) start();
    });
  }
  return () => {
    if (done) return;
    if (started < 0) fail(`${text}, which never acted`);
    else if (!haveConverged(nodes, scope) || hand.now > started + when.within) fail(text);
  };
}
