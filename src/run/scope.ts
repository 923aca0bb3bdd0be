import type { DecisionRecord } from '../../sim/observer.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import type { Choice, Scenario } from '../scenario/scenario.ts';
import type { ClockHand } from './clock-hand.ts';
import type { Client } from './connections/client.ts';
import type { Hub, WaitListener } from './connections/hub.ts';
import type { Operator } from './connections/operator.ts';
import type { FailureLog } from './failures.ts';
import type { Fields } from './fields.ts';
import type { Histories } from './histories.ts';
import type { Logbook } from './logbook.ts';
import type { AttemptResult, ReplyResult, WarningResult } from './result.ts';
import type { Story } from './story.ts';
import type { Tally } from './tally.ts';
import type { Watches } from './watch.ts';

/** Something to be looked at once everything of a time has happened. */
export interface Checkpoint {
  readonly time: number;
  look(): void;
}

/** Who wants to hear of what, beside those who look at states. */
export interface Listeners {
  readonly decided: ((record: DecisionRecord) => void)[];
  /** An entry of the timeline that has an id acted. */
  readonly acted: ((id: string) => void)[];
  readonly waited: WaitListener[];
}

/** Since when nothing was done to the world: no action of the timeline, no write, no process that came or went. */
export interface Calm {
  since: number;
}

/** What a run wrote down for its result. */
export interface Records {
  readonly decisions: DecisionRecord[];
  readonly attempts: AttemptResult[];
  readonly replies: ReplyResult[];
  readonly warnings: WarningResult[];
  /** Invariants that broke as the scenario says. */
  readonly violated: string[];
  readonly tallies: Tally[];
}

/** One run and its parts, as the parts see each other. */
export interface RunScope {
  readonly scenario: Scenario;
  readonly world: () => SimulatedWorld;
  readonly names: readonly string[];
  readonly fields: Fields;
  readonly logbook: Logbook;
  readonly watches: Watches;
  readonly checkpoints: Checkpoint[];
  readonly listeners: Listeners;
  readonly failures: FailureLog;
  readonly histories: Histories;
  readonly hand: ClockHand;
  readonly hub: Hub;
  readonly operators: readonly Operator[];
  readonly clients: ReadonlyMap<string, Client>;
  readonly records: Records;
  readonly calm: Calm;
  readonly story: Story | null;
}

/** The one of a choice that stands, drawn from the seed where there is more than one. */
export function draw<T>({ options, stream }: Choice<T>, scope: RunScope): T {
  if (options.length === 1) return options[0]!;
  return options[scope.world().random(stream).integer(options.length)]!;
}
