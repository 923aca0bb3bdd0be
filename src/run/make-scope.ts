import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import type { CommandTemplate } from '../scenario/command-template.ts';
import type { ClientSpec, Scenario, WorkloadSpec } from '../scenario/scenario.ts';
import { ClockHand } from './clock-hand.ts';
import { Client, type ClientScope } from './connections/client.ts';
import { Hub } from './connections/hub.ts';
import { Operator } from './connections/operator.ts';
import { FailureLog } from './failures.ts';
import { Fields } from './fields.ts';
import { Histories } from './histories.ts';
import { Logbook } from './logbook.ts';
import { sayAny } from './said.ts';
import { draw, type Listeners, type RunScope } from './scope.ts';
import { Story } from './story.ts';
import { Tally } from './tally.ts';
import { Watches } from './watch.ts';
import { tickOverClient, tickOverSession, type WorkloadPlan } from './workload.ts';

/** The parts of a run of a scenario in a world that may be made only later. */
export function makeScope(
  scenario: Scenario,
  world: () => SimulatedWorld,
  tellStory: boolean,
  inRealTime = false,
): RunScope {
  const names = scenario.nodes.map(({ name }) => name);
  const fields = new Fields(names, world);
  const histories = new Histories(names);
  const listeners: Listeners = { decided: [], acted: [], waited: [] };
  const hub = new Hub(names.length, world, histories, usesWait(scenario), (node, asked, writes) => {
    for (const listener of listeners.waited) listener(node, asked, writes);
  });
  const hand = new ClockHand(world, inRealTime);
  const story = tellStory ? new Story(names, histories, world) : null;
  const clientScope = clientScopeOf(hub, hand, story);
  const tallies: Tally[] = [];
  const makeClient = (spec: ClientSpec): [string, Client] => {
    const tally = new Tally(spec.name);
    tallies.push(tally);
    return [spec.name, new Client(spec, fields.node(spec.to), tally, clientScope)];
  };
  return {
    scenario,
    world,
    names,
    fields,
    logbook: new Logbook(names.length),
    watches: new Watches(names.length),
    checkpoints: [],
    listeners,
    failures: new FailureLog(),
    histories,
    hand,
    hub,
    operators: names.map((_, node) => new Operator(hub, node)),
    clients: new Map(scenario.clients.map(makeClient)),
    calm: { since: Number.NEGATIVE_INFINITY },
    records: { decisions: [], attempts: [], replies: [], warnings: [], violated: [], tallies },
    story,
  };
}

/** Puts the first tick of a workload entry on the agenda; `order` is its place among what is due at one time. */
export function beginWorkload(run: RunScope, spec: WorkloadSpec, order: number): void {
  const scope = clientScopeOf(run.hub, run.hand, run.story);
  const plan: WorkloadPlan = {
    order,
    every: spec.every,
    from: spec.from,
    until: spec.until,
    commands: spec.commands,
  };
  if ('client' in spec.over) {
    tickOverClient(plan, run.clients.get(spec.over.client)!, scope).begin();
    return;
  }
  const tally = new Tally(`workload on line ${spec.position.line}`);
  run.records.tallies.push(tally);
  for (const name of draw(spec.over.nodes, run)) {
    tickOverSession(plan, run.fields.node(name), tally, scope).begin();
  }
}

function usesWait({ timeline, workload }: Scenario): boolean {
  const waits = ({ text }: CommandTemplate): boolean => /^\s*wait\b/i.test(text);
  return sayAny(timeline, waits) || workload.some(({ commands }) => commands.some(waits));
}

function clientScopeOf(hub: Hub, hand: ClockHand, story: Story | null): ClientScope {
  return {
    hub,
    now: () => hand.now,
    schedule: (due) => hand.schedule(due),
    tell: (text) => story?.tell('client', null, text),
  };
}
