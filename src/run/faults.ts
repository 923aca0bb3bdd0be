import { mutated } from '../../sim/mutants/index.ts';
import { PROFILES } from '../../sim/redis/profile.ts';
import type { StartChanges } from '../../sim/simulated-world.ts';
import type { Directions, Fault, LinkSpec, TimelineEntry } from '../scenario/scenario.ts';
import { draw, type RunScope } from './scope.ts';
import { timeText } from './time.ts';

/** A fault that acted: whether it touched anything is known at once, or once it has ended. */
interface Application {
  readonly entry: TimelineEntry;
  readonly at: number;
  readonly text: string;
  touched: boolean;
}

/** A fault that goes on and the count that tells whether it touched anything: it did if that has grown. */
interface Lasting {
  readonly application: Application;
  readonly count: () => number;
  readonly before: number;
}

type Node = number;

/**
 * Injects the faults of the timeline, and finds those that touched nothing: a run whose fault met nothing
 * proves nothing.
 */
export class Faults {
  readonly #run: RunScope;
  readonly #applications: Application[] = [];
  /** What goes on, by what would end it: `cut A>B`, `link A>B`, `freeze A`, `bgsave A`. */
  readonly #lasting = new Map<string, Lasting>();
  readonly #cuts = new Map<string, { readonly from: Node; readonly to: Node }>();
  /** Directions whose settings were changed, by `A>B`. */
  readonly #links = new Map<string, Partial<LinkSpec>>();
  readonly #nodesChanged: (node: Node) => void;

  /** `nodesChanged` is told of nodes that a fault changed without an event of theirs. */
  constructor(run: RunScope, nodesChanged: (node: Node) => void) {
    this.#run = run;
    this.#nodesChanged = nodesChanged;
  }

  apply(entry: TimelineEntry, fault: Fault): void {
    const application: Application = { entry, at: this.#run.hand.now, text: '', touched: false };
    if ('nodes' in fault) {
      const names = draw(fault.nodes, this.#run);
      this.#record(
        application,
        `${describe(fault)} ${names.join(', ')}`,
        names.length === 1 ? names[0]! : null,
      );
      for (const name of names) this.#onNode(fault, this.#run.fields.node(name), application);
      return;
    }
    const links = fault.links === null ? null : draw(fault.links, this.#run);
    this.#record(application, `${fault.kind} ${links === null ? 'all' : linksText(links)}`, null);
    if (links === null) this.#healAll(application);
    else this.#onLinks(fault, links, application);
  }

  /** What was done and not undone, in words. */
  inForce(): string[] {
    const { names } = this.#run;
    const cuts = [...this.#cuts.values()].map(({ from, to }) => `${names[from]} -> ${names[to]} is cut`);
    const failing = [...this.#lasting.keys()].filter((key) => key.startsWith('bgsave '));
    return [...cuts, ...failing.map((key) => `saves fail on ${names[Number(key.slice('bgsave '.length))]}`)];
  }

  /** A direction of a link as it is now. */
  link(from: Node, to: Node): LinkSpec {
    const { names, scenario } = this.#run;
    const written = scenario.links.directions.findLast(
      (one) => one.from === names[from] && one.to === names[to],
    );
    return { ...(written?.link ?? scenario.links.default), ...this.#links.get(`${from}>${to}`) };
  }

  /** Fails the run for each fault that touched nothing. */
  judge(): void {
    for (const key of [...this.#lasting.keys()]) this.#end(key);
    const told = new Set<TimelineEntry>();
    for (const { entry, touched, text, at } of this.#applications) {
      if (touched || entry.idleOk || told.has(entry)) continue;
      told.add(entry);
      const all = this.#applications.filter((other) => other.entry === entry);
      const times =
        all.length === 1 ? '' : ` (${all.filter((other) => !other.touched).length} of ${all.length} times)`;
      const message = `the fault on line ${entry.position.line} touched nothing${times}: ${text} at ${timeText(at)}: ${WHY[faultKind(entry)]}; say "idle: ok" if that is meant`;
      this.#run.failures.add('vacuous', entry.position, message, { at });
    }
  }

  #record(application: Application, text: string, node: string | null): void {
    this.#applications.push(Object.assign(application, { text }));
    this.#run.story?.tell('fault', node, text);
  }

  #onNode(fault: Fault & { nodes: unknown }, node: Node, application: Application): void {
    const world = this.#run.world();
    const { kind } = fault;
    switch (kind) {
      case 'kill':
      case 'poweroff':
        if (kind === 'kill' ? world.kill(node) : world.poweroff(node)) application.touched = true;
        this.#end(`freeze ${node}`);
        break;
      case 'wipe':
        world.wipe(node);
        application.touched = true;
        break;
      case 'freeze':
        if (world.freeze(node)) this.#begin(`freeze ${node}`, application, () => world.heldBack(node));
        break;
      case 'thaw':
        this.#end(`freeze ${node}`);
        if (world.thaw(node)) application.touched = true;
        break;
      case 'start':
        if (world.start(node, startChanges(fault, this.#run.scenario.mutants))) application.touched = true;
        break;
      case 'bgsave':
        this.#end(`bgsave ${node}`);
        world.failSaves(node, fault.fails);
        if (fault.fails) this.#begin(`bgsave ${node}`, application, () => world.failedSaves(node));
        else application.touched = true;
    }
    this.#nodesChanged(node);
  }

  #onLinks(fault: Fault & { links: unknown }, links: Directions, application: Application): void {
    const world = this.#run.world();
    if (fault.kind === 'reset') {
      for (const [a, b] of this.#pairs(links)) if (world.reset(a, b) > 0) application.touched = true;
      return;
    }
    for (const link of links) {
      const from = this.#run.fields.node(link.from);
      const to = this.#run.fields.node(link.to);
      if (fault.kind === 'partition') {
        this.#end(`cut ${from}>${to}`);
        // What is on its way is lost to it as well, so the count begins before.
        this.#begin(`cut ${from}>${to}`, application, () => world.packets(from, to).cut);
        world.partition(from, to);
        this.#cuts.set(`cut ${from}>${to}`, { from, to });
      } else if (fault.kind === 'heal') {
        this.#heal(from, to, application);
      } else if (fault.kind === 'link') {
        this.#end(`link ${from}>${to}`);
        world.setLink(from, to, fault.set);
        this.#links.set(`${from}>${to}`, { ...this.#links.get(`${from}>${to}`), ...fault.set });
        this.#begin(`link ${from}>${to}`, application, () => world.packets(from, to).sent);
      }
    }
  }

  #healAll(application: Application): void {
    for (const { from, to } of [...this.#cuts.values()]) this.#heal(from, to, application);
  }

  #heal(from: Node, to: Node, application: Application): void {
    this.#end(`cut ${from}>${to}`);
    this.#cuts.delete(`cut ${from}>${to}`);
    if (this.#run.world().heal(from, to)) application.touched = true;
  }

  /** Each pair of nodes once, in the order given, whichever of its directions are. */
  #pairs(links: Directions): [Node, Node][] {
    const pairs = new Map<string, [Node, Node]>();
    for (const link of links) {
      const a = this.#run.fields.node(link.from);
      const b = this.#run.fields.node(link.to);
      pairs.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b]);
    }
    return [...pairs.values()];
  }

  #begin(key: string, application: Application, count: () => number): void {
    this.#lasting.set(key, { application, count, before: count() });
  }

  #end(key: string): void {
    const lasting = this.#lasting.get(key);
    if (lasting === undefined) return;
    this.#lasting.delete(key);
    if (lasting.count() > lasting.before) lasting.application.touched = true;
  }
}

/** When a fault of this kind touched nothing. */
export const WHY: Readonly<Record<Fault['kind'], string>> = {
  partition: 'no packet met it',
  heal: 'there was nothing to heal',
  reset: 'no connection was open',
  link: 'no packet met it',
  kill: 'the node was down already',
  poweroff: 'the node was down already',
  start: 'the node was up already',
  wipe: 'there was no disk',
  freeze: "the node was down, or nothing but the node's own timers came due",
  thaw: 'the node was not frozen',
  bgsave: 'no save was tried',
};

/** Of a fault between large groups only so many links are named. */
const LINKS_NAMED = 6;

function faultKind(entry: TimelineEntry): Fault['kind'] {
  return entry.action.kind as Fault['kind'];
}

function describe(fault: Fault): string {
  return fault.kind === 'bgsave' ? `bgsave ${fault.fails ? 'fails on' : 'works again on'}` : fault.kind;
}

function linksText(links: Directions): string {
  const both = (from: string, to: string): boolean =>
    links.some((link) => link.from === to && link.to === from);
  const texts = links.map(({ from, to }) => {
    if (!both(from, to)) return `${from} -> ${to}`;
    const first = links.find(
      (link) => (link.from === from && link.to === to) || (link.from === to && link.to === from),
    )!;
    return `${first.from} <-> ${first.to}`;
  });
  const pairs = [...new Set(texts)];
  if (pairs.length <= LINKS_NAMED) return pairs.join(', ');
  return `${pairs.slice(0, LINKS_NAMED).join(', ')} and ${pairs.length - LINKS_NAMED} more`;
}

function startChanges(fault: Fault & { kind: 'start' }, mutants: readonly string[]): StartChanges {
  const { config, replicaof, profile: name } = fault.set;
  const profile = name === undefined ? undefined : mutated(PROFILES[name], mutants);
  return {
    ...(config.size === 0 ? {} : { config }),
    ...(replicaof === undefined ? {} : { replicaof: replicaof === 'no' ? null : replicaof }),
    ...(profile === undefined ? {} : { profile }),
  };
}
