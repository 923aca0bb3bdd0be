import type { ProfileName } from '../../sim/redis/profile.ts';
import { replStateNumber } from '../../sim/redis/server.ts';
import type {
  Action,
  Condition,
  LinkSpec,
  MachineSpec,
  Scenario,
  TimelineEntry,
} from '../scenario/scenario.ts';
import { isLogged } from './repl-state.ts';

/** What stands in the way of playing a scenario on real processes. */
export interface Obstacles {
  /** It cannot be played at all. */
  readonly impossible: readonly string[];
  /** It can be played nearly: agreement says something, disagreement does not. */
  readonly approximate: readonly string[];
}

/** More processes and proxies than a machine should be asked for. */
const MOST_NODES = 24;
const FAST_BYTES_PER_SECOND = 1_000_000_000;

/** What a real machine saves and loads with is its own: the scenario's defaults say that it does not matter. */
const DEFAULT_MACHINE: MachineSpec = {
  saveBytesPerSecond: 200 * 1024 * 1024,
  loadBytesPerSecond: 300 * 1024 * 1024,
  forkMicrosPerGigabyte: 10_000,
};

const ANNOUNCED = /^(replica|slave)-announce-(ip|port)$/;

/** Finds everything in a scenario that processes of these versions cannot do, or can do only nearly. */
export function obstaclesOf(scenario: Scenario, profiles: ReadonlySet<ProfileName>): Obstacles {
  const impossible = new Set<string>();
  const approximate = new Set<string>();
  if (scenario.mutants.length > 0) impossible.add('a mutant is a Redis that does not exist');
  if (scenario.nodes.length > MOST_NODES) impossible.add(`more than ${MOST_NODES} nodes`);
  for (const node of scenario.nodes) {
    if (!profiles.has(node.profile)) impossible.add(noServer(`${node.name} runs`, node.profile, profiles));
    if (node.boot !== null) approximate.add(`${node.name} is to boot at a moment of its own`);
    if (!sameMachine(node.machine)) approximate.add(`${node.name} has a machine of its own speed`);
    if ([...node.config.keys()].some((directive) => ANNOUNCED.test(directive))) {
      approximate.add(`${node.name} announces an address, and real ones are taken as they are free`);
    }
  }
  for (const link of [scenario.links.default, ...scenario.links.directions.map((one) => one.link)]) {
    linkObstacles(link, impossible, approximate);
  }
  entryObstacles(scenario.timeline, profiles, impossible, approximate);
  return { impossible: [...impossible], approximate: [...approximate] };
}

function noServer(what: string, wanted: ProfileName, profiles: ReadonlySet<ProfileName>): string {
  return `${what} ${wanted}, and there is a server for ${[...profiles].join(', ')} only`;
}

function sameMachine(machine: MachineSpec): boolean {
  return (Object.keys(DEFAULT_MACHINE) as (keyof MachineSpec)[]).every(
    (key) => machine[key] === DEFAULT_MACHINE[key],
  );
}

function linkObstacles(link: Partial<LinkSpec>, impossible: Set<string>, approximate: Set<string>): void {
  if ((link.loss ?? 0) > 0) impossible.add('packets of a loopback connection cannot be lost');
  if ((link.bandwidth ?? FAST_BYTES_PER_SECOND) < FAST_BYTES_PER_SECOND) {
    approximate.add('a bandwidth is kept by the proxy, in front of which kernels buffer megabytes');
  }
}

function entryObstacles(
  entries: readonly TimelineEntry[],
  profiles: ReadonlySet<ProfileName>,
  impossible: Set<string>,
  approximate: Set<string>,
): void {
  for (const { trigger, action } of entries) {
    if (trigger.kind === 'when') conditionObstacles(trigger.condition, impossible);
    if (action.kind === 'repeat-do') entryObstacles(action.entries, profiles, impossible, approximate);
    else actionObstacles(action, profiles, impossible, approximate);
  }
}

/** What a `when` asks for and no log or INFO of a real server tells. */
function conditionObstacles(condition: Condition, impossible: Set<string>): void {
  if (condition.kind === 'not') conditionObstacles(condition.of, impossible);
  else if (condition.kind === 'all' || condition.kind === 'any') {
    for (const one of condition.of) conditionObstacles(one, impossible);
  } else if (condition.kind === 'repl_state' && !isLogged(replStateNumber(condition.state))) {
    impossible.add(`no log tells when ${condition.node} is in ${condition.state}`);
  }
}

function actionObstacles(
  action: Action,
  profiles: ReadonlySet<ProfileName>,
  impossible: Set<string>,
  approximate: Set<string>,
): void {
  switch (action.kind) {
    case 'poweroff':
      impossible.add('a process cannot lose its power without its machine');
      break;
    case 'link':
      linkObstacles(action.set, impossible, approximate);
      break;
    case 'start':
      if (action.set.profile !== undefined && !profiles.has(action.set.profile)) {
        const nodes = action.nodes.options.flat().join(' or ');
        impossible.add(noServer(`${nodes} is started as`, action.set.profile, profiles));
      }
      break;
    case 'bgsave':
      approximate.add('a save to disk fails at its last step, and one without a disk does not fail');
  }
}
