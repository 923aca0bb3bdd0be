import type { DecisionResult } from '../run/result.ts';
import { runScenario } from '../run/run.ts';
import { timeText } from '../run/time.ts';
import type { NodeSpec, Scenario, TimelineEntry } from '../scenario/scenario.ts';
import type { Decided, Evidence } from './evidence.ts';

/** One thing that would have made a decision another one, proven with only that changed: by a run, or by the rules. */
export interface Counterfactual {
  readonly change: string;
  /** The decision in that run, `partial/replid`. */
  readonly decision: string;
}

export interface Counterfactuals {
  readonly found: readonly Counterfactual[];
  /** Why nothing could have helped; null where something was found or may be. */
  readonly nothing: string | null;
}

/** A search is given up after so many events of other runs. */
const MOST_EVENTS = 20_000_000;
const BACKLOG_MIN_SIZE = 16_384;
const BACKLOG_MOST = 2 ** 34;
const MICROS_PER_MS = 1_000;

/** Runs of one scenario in which one thing was changed, each played once however often it is asked about. */
export class Reruns {
  readonly #evidence: Evidence;
  readonly #played = new Map<string, readonly DecisionResult[]>();
  #events = 0;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  /** The decisions of the run with this change; none once the search has cost enough. */
  decisions(name: string, change: (scenario: Scenario) => Scenario): readonly DecisionResult[] {
    const known = this.#played.get(name);
    if (known !== undefined) return known;
    if (this.#events > MOST_EVENTS) return [];
    const { scenario, seed } = this.#evidence;
    const { result } = runScenario(change(scenario), { seed });
    this.#events += result.events;
    this.#played.set(name, result.decisions);
    return result.decisions;
  }
}

/** Looks for what would have made a full synchronization or refusal a partial one, by running again. */
export function counterfactualsOf(evidence: Evidence, decided: Decided, reruns: Reruns): Counterfactuals {
  const { reason } = decided.record.decision;
  if (decided.replica === null) return { found: [], nothing: null };
  const trials = new Trials(evidence, decided, reruns);
  const found =
    reason === 'backlog-overwritten'
      ? [largerBacklog(trials), shorterOutage(trials)]
      : [longerTtl(trials), shorterOutage(trials)];
  const proven = found.filter((one) => one !== null);
  return { found: proven, nothing: proven.length > 0 ? null : whyNothing(evidence, decided) };
}

/** One decision in runs that differ in one thing. */
class Trials {
  readonly evidence: Evidence;
  readonly decided: Decided;
  readonly #reruns: Reruns;

  constructor(evidence: Evidence, decided: Decided, reruns: Reruns) {
    this.evidence = evidence;
    this.decided = decided;
    this.#reruns = reruns;
  }

  /** The name of the partial decision that a directive leads to; null where it leads to another. */
  partialWith(node: string, directive: string, value: number): string | null {
    return this.#partial(`${node}.${directive}=${value}`, (scenario) =>
      withDirective(scenario, node, directive, String(value)),
    );
  }

  /** The same of an entry of the timeline that acts at another time, in microseconds. */
  partialAt(entry: TimelineEntry, time: number): string | null {
    return this.#partial(`line ${entry.position.line} at ${time}`, (scenario) =>
      withEntryAt(scenario, entry, time),
    );
  }

  #partial(name: string, change: (scenario: Scenario) => Scenario): string | null {
    const { replica, master, onLink } = this.decided;
    const decision = this.#reruns
      .decisions(name, change)
      .filter((one) => one.replica === replica && one.master === master)[onLink - 1];
    return decision?.outcome === 'partial' ? `partial/${decision.reason}` : null;
  }
}

/**
 * The border between numbers with which something holds not and those with which it does: the one nearest to
 * `fails` with which it still holds. It holds with `holds`, and not with `fails`.
 */
function borderBetween(fails: number, holds: number, test: (value: number) => boolean): number {
  let bad = fails;
  let good = holds;
  while (Math.abs(good - bad) > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (test(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** The smallest backlog that would have held the bytes. */
function largerBacklog(trials: Trials): Counterfactual | null {
  const { master, masterView } = trials.decided;
  const test = (size: number): string | null => trials.partialWith(master, 'repl-backlog-size', size);
  const now = masterView.repl_backlog_size ?? BACKLOG_MIN_SIZE;
  let enough = now;
  let decision: string | null = null;
  while (decision === null && enough < BACKLOG_MOST) {
    enough *= 2;
    decision = test(enough);
  }
  if (decision === null) return null;
  const least = borderBetween(now, enough, (size) => test(size) !== null);
  return { change: `${master}.repl-backlog-size of at least ${least} bytes (it was ${now})`, decision };
}

/** The latest moment at which what ended the outage would still have been early enough. */
function shorterOutage(trials: Trials): Counterfactual | null {
  const { evidence, decided } = trials;
  const entry = outageEnd(evidence.scenario, decided);
  if (entry === null || entry.trigger.kind !== 'at') return null;
  const end = Math.floor(entry.trigger.time / MICROS_PER_MS);
  const begin = outageBegin(evidence, decided);
  if (begin === null || begin + 1 >= end) return null;
  const test = (ms: number): string | null => trials.partialAt(entry, ms * MICROS_PER_MS);
  const decision = test(begin + 1);
  if (decision === null) return null;
  const last = borderBetween(end, begin + 1, (ms) => test(ms) !== null);
  const then = timeText(last * MICROS_PER_MS);
  return {
    change: `line ${entry.position.line} at ${then} or before, instead of ${timeText(entry.trigger.time)}`,
    decision,
  };
}

/** When, in milliseconds, the replica's link to anybody was last up before the decision. */
function outageBegin({ moments }: Evidence, { replica, event }: Decided): number | null {
  const lost = moments.findLast(
    ({ node, event: when, before, after }) =>
      node === replica &&
      when <= event &&
      before?.repl_state === 'CONNECTED' &&
      after?.repl_state !== 'CONNECTED',
  );
  return lost === undefined ? null : Math.ceil(lost.at / MICROS_PER_MS);
}

/** The entry of the timeline that let the replica come back: the last of its kind before the decision. */
function outageEnd(scenario: Scenario, { replica, at }: Decided): TimelineEntry | null {
  const ends = (entry: TimelineEntry): boolean => {
    const { trigger, action } = entry;
    if (trigger.kind !== 'at' || trigger.time > at) return false;
    if (action.kind === 'heal' || action.kind === 'thaw' || action.kind === 'start') return true;
    return (
      action.kind === 'run' &&
      'nodes' in action.route &&
      action.route.nodes.options.some((nodes) => nodes.includes(replica!)) &&
      action.commands.some(({ text }) => /^\s*(replicaof|slaveof)\b/i.test(text))
    );
  };
  return scenario.timeline.findLast(ends) ?? null;
}

/** The shortest repl-backlog-ttl with which the backlog would not have been freed in between. */
function longerTtl(trials: Trials): Counterfactual | null {
  const { lines, scenario } = trials.evidence;
  const freed = lines.findLast(
    ({ event, text }) => event <= trials.decided.event && text.startsWith('Replication backlog freed'),
  );
  if (freed === undefined) return null;
  const now = Number(/after (\d+) seconds/.exec(freed.text)?.[1] ?? 0);
  const test = (seconds: number): string | null =>
    trials.partialWith(freed.node, 'repl-backlog-ttl', seconds);
  const most = Math.ceil(scenario.duration / 1_000_000) + 2;
  const decision = most > now ? test(most) : null;
  if (decision === null) return null;
  const least = borderBetween(now, most, (seconds) => test(seconds) !== null);
  return { change: `${freed.node}.repl-backlog-ttl of at least ${least} seconds (it was ${now})`, decision };
}

function withDirective(scenario: Scenario, node: string, name: string, value: string): Scenario {
  const nodes = scenario.nodes.map(
    (one): NodeSpec => (one.name === node ? { ...one, config: new Map(one.config).set(name, [value]) } : one),
  );
  return { ...scenario, nodes };
}

function withEntryAt(scenario: Scenario, entry: TimelineEntry, time: number): Scenario {
  const timeline = scenario.timeline.map(
    (one): TimelineEntry => (one === entry ? { ...one, trigger: { kind: 'at', time } } : one),
  );
  return { ...scenario, timeline };
}

/** Why no setting and no shorter outage leads to another decision. */
function whyNothing({ decisions }: Evidence, decided: Decided): string {
  const { replica, master, record } = decided;
  const { reason, missingBytes, offset } = record.decision;
  const again = decisions.find(
    (one) =>
      one.number > decided.number && one.replica === replica && one.record.decision.outcome !== 'refused',
  );
  switch (reason) {
    case 'forced':
      return `${replica} had no history to continue from, so there was nothing to compare: the first synchronization is a full one`;
    case 'replid-mismatch':
      return `${replica} and ${master} have no history in common that ${master} remembers: a server remembers its own id and one before it`;
    case 'replid2-offset':
      return `${replica} holds bytes that ${master}'s history never had, from the fence at byte ${decided.masterView.second_replid_offset} up to ${offset! - 1}: only a full synchronization can take them away`;
    case 'offset-ahead':
      return `${replica} holds ${missingBytes} bytes that ${master} does not have yet: a master cannot promise what it has not seen`;
    case 'no-backlog':
      return `${master} knows the id, but has no backlog to send from: it makes one at its first full synchronization`;
    case 'nomasterlink':
    case 'loading':
    case 'masterdown':
    case 'busy':
    case 'noauth':
    case 'pending-output':
      return again === undefined
        ? `${master} could not answer, and ${replica} was not answered later in this run`
        : `${master} could not answer then; asked again, it answered ${again.record.decision.outcome}/${again.record.decision.reason} at ${timeText(again.at)}`;
    default:
      return `the request was none that can be continued`;
  }
}
