import type { CommandTemplate } from '../scenario/command-template.ts';
import type { Due } from './agenda.ts';
import type { Client, ClientScope } from './connections/client.ts';
import { type Caller, Session } from './connections/session.ts';
import type { Reply } from './reply-parser.ts';
import type { Tally } from './tally.ts';

/** What a workload line sends and when, whoever sends it. */
export interface WorkloadPlan {
  readonly order: number;
  readonly every: number;
  readonly from: number;
  /** No tick at this time or later. */
  readonly until: number;
  readonly commands: readonly CommandTemplate[];
}

/** Sends one command of the plan: the commands in turn, `{n}` counting the rounds. False where it cannot now. */
type Send = (command: ReturnType<CommandTemplate['render']>) => boolean;

/**
 * The ticks of a workload entry. Each sends one command if the one before has its reply; otherwise it is
 * skipped and counted.
 */
export class Ticker implements Due {
  readonly order: number;
  time: number;
  readonly #plan: WorkloadPlan;
  readonly #scope: ClientScope;
  readonly #tally: Tally;
  readonly #send: Send;
  #index = 0;
  #round = 0;

  constructor(plan: WorkloadPlan, scope: ClientScope, tally: Tally, send: Send) {
    this.order = plan.order;
    this.time = plan.from;
    this.#plan = plan;
    this.#scope = scope;
    this.#tally = tally;
    this.#send = send;
  }

  /** Puts the first tick on the agenda, if there is one. */
  begin(): void {
    if (this.time < this.#plan.until) this.#scope.schedule(this);
  }

  act(): void {
    const { commands, every, until } = this.#plan;
    this.#tally.attempt(this.time);
    if (this.#send(commands[this.#index]!.render(this.#round))) {
      this.#index++;
      if (this.#index === commands.length) {
        this.#index = 0;
        this.#round++;
      }
    } else {
      this.#tally.skipped++;
    }
    this.time += every;
    if (this.time < until) this.#scope.schedule(this);
  }
}

export function tickOverClient(plan: WorkloadPlan, client: Client, scope: ClientScope): Ticker {
  return new Ticker(plan, scope, client.tally, (command) => client.trySend(command));
}

/** A workload entry's own connection to one node: neither timeout nor retry. */
export function tickOverSession(plan: WorkloadPlan, node: number, tally: Tally, scope: ClientScope): Ticker {
  const session = new Session(scope.hub, node);
  const caller: Caller = {
    sent() {},
    answered: (reply, wrote) => count(tally, reply, wrote, scope.now()),
  };
  return new Ticker(plan, scope, tally, (command) => {
    if (session.busy) return false;
    tally.sent++;
    session.request(command, caller);
    return true;
  });
}

function count(tally: Tally, reply: Reply, wrote: boolean, now: number): void {
  if (wrote) tally.wrote(now);
  if (reply.kind !== 'error' && reply.kind !== 'call') {
    tally.acknowledged++;
    return;
  }
  tally.errors++;
  const { text } = reply;
  if (text!.startsWith('-READONLY') || text!.startsWith('-NOREPLICAS') || text!.startsWith('-MISCONF')) {
    tally.refusedWrite();
  }
}
