import { type NodeState, stateAt } from './state.ts';
import type { FieldValue, Trace } from './trace.ts';
import { clockText, historyName, plural } from './words.ts';

/**
 * Where two servers, or a server and the network, do not believe the same thing at a moment: half-open links,
 * two masters, bytes that only one of two histories holds. No message tells of these, since each is something that
 * somebody has not heard.
 */
export interface Disagreement {
  readonly kind: 'listed' | 'unlisted' | 'silent' | 'two-masters' | 'circle' | 'beyond-the-fence' | 'ahead';
  /** Numbers of the nodes it is about. */
  readonly nodes: readonly number[];
  readonly text: string;
}

export function disagreementsAt(trace: Trace, moment: number): Disagreement[] {
  if (moment < 0) return [];
  return new Beliefs(trace, moment).all();
}

/** What each node holds for true at one moment. */
class Beliefs {
  readonly #trace: Trace;
  readonly #now: number;
  readonly #states: readonly NodeState[];
  readonly #numbers: ReadonlyMap<FieldValue, number>;

  constructor(trace: Trace, moment: number) {
    this.#trace = trace;
    this.#now = trace.moments.at[moment] ?? 0;
    this.#states = trace.nodes.map((_, node) => stateAt(trace, node, moment));
    this.#numbers = new Map(trace.nodes.map(({ name }, node) => [name, node]));
  }

  all(): Disagreement[] {
    const pairs = this.#states.flatMap((_, a) => this.#states.map((__, b) => [a, b] as const));
    const different = pairs.filter(([a, b]) => a !== b);
    return [
      ...different.flatMap(([master, replica]) => this.#listed(master, replica)),
      ...different.flatMap(([master, replica]) => this.#unlisted(master, replica)),
      ...different.flatMap(([master, replica]) => this.#silent(master, replica)),
      ...different.flatMap(([a, b]) => this.#twoMasters(a, b)),
      ...different.flatMap(([a, b]) => this.#circle(a, b)),
      ...different.flatMap(([a, b]) => this.#beyondTheFence(a, b)),
      ...different.flatMap(([master, replica]) => this.#ahead(master, replica)),
    ];
  }

  /** A master lists a replica that has no link to it, from its own point of view. */
  #listed(master: number, replica: number): Disagreement[] {
    const listed = this.#listing(master, replica);
    if (listed === null || !this.#runs(master)) return [];
    const reality = this.#whereabouts(master, replica);
    if (reality === null) return [];
    const { ack, age } = this.#lastAck(master, replica);
    const heard = ack === null ? 'never heard from it' : `last ack ${ack}${age === '' ? '' : `, ${age} old`}`;
    const name = this.#name(replica);
    return [
      {
        kind: 'listed',
        nodes: [master, replica],
        text: `${this.#name(master)} lists ${name} ${listed}, ${heard}; ${reality}`,
      },
    ];
  }

  /** What a replica that is listed really does, if that is not following the one who lists it. */
  #whereabouts(master: number, replica: number): string | null {
    const state = this.#states[replica]!;
    const [from, to] = [this.#name(master), this.#name(replica)];
    if (state.process === 'down') return `${to} is down`;
    if (state.process === 'frozen') return `${to} is frozen`;
    if (state.process !== 'up') return null;
    const follows = state.masterhost ?? null;
    if (follows === null) return `${to} is a master itself`;
    if (follows !== from) return `${to} has left ${from} for ${follows}`;
    return NOT_LINKED.test(String(state.repl_state))
      ? `${to} has no link to ${from} (${state.repl_state})`
      : null;
  }

  /** A replica takes its link for up, and its master knows nothing of it. */
  #unlisted(master: number, replica: number): Disagreement[] {
    if (!this.#believesLinked(master, replica)) return [];
    const state = this.#states[master]!.process;
    const belief = `${this.#name(replica)} believes its link to ${this.#name(master)} is up`;
    const but =
      state === 'down' || state === null || state === undefined
        ? `${this.#name(master)} is down`
        : state === 'frozen'
          ? `${this.#name(master)} is frozen`
          : this.#listing(master, replica) === null
            ? `${this.#name(master)} does not list ${this.#name(replica)}`
            : null;
    return but === null
      ? []
      : [{ kind: 'unlisted', nodes: [replica, master], text: `${belief}; ${but}${this.#silence(replica)}` }];
  }

  /** Both ends take the link for up, and nothing gets through. */
  #silent(master: number, replica: number): Disagreement[] {
    if (!this.#believesLinked(master, replica) || this.#listing(master, replica) === null) return [];
    const directions = this.#trace.cuts.filter(
      ({ from, to, begin, end }) =>
        ((from === master && to === replica) || (from === replica && to === master)) &&
        begin <= this.#now &&
        (end === null || this.#now < end),
    );
    if (directions.length === 0) return [];
    const since = Math.min(...directions.map(({ begin }) => begin));
    const lost =
      directions.length > 1
        ? 'nothing passes between them'
        : `nothing passes from ${this.#name(directions[0]!.from)} to ${this.#name(directions[0]!.to)}`;
    const [a, b] = [this.#name(master), this.#name(replica)];
    return [
      {
        kind: 'silent',
        nodes: [master, replica],
        text: `${a} and ${b} both believe their link is up; ${lost} since ${clockText(since)}`,
      },
    ];
  }

  /** Two masters of one history: one was promoted and the other writes on. */
  #twoMasters(old: number, promoted: number): Disagreement[] {
    const [a, b] = [this.#states[old]!, this.#states[promoted]!];
    if (!this.#isMaster(old) || !this.#isMaster(promoted)) return [];
    const same = a.replid === b.replid && old < promoted;
    if (!same && a.replid !== b.replid2) return [];
    const history = this.#history(a.replid);
    const text = same
      ? `${this.#name(old)} and ${this.#name(promoted)} both take themselves for the master of ${history}`
      : `${this.#name(old)} and ${this.#name(promoted)} both take themselves for a master: ${this.#name(old)} writes on in ${history}, ${this.#name(promoted)} left it at byte ${b.second_replid_offset} for ${this.#history(b.replid)}`;
    return [{ kind: 'two-masters', nodes: [old, promoted], text }];
  }

  #circle(a: number, b: number): Disagreement[] {
    if (a > b || !this.#follows(a, b) || !this.#follows(b, a)) return [];
    return [
      {
        kind: 'circle',
        nodes: [a, b],
        text: `${this.#name(a)} and ${this.#name(b)} each take the other for their master: there is no master`,
      },
    ];
  }

  /** A node holds bytes of a history that another left before them. */
  #beyondTheFence(holder: number, leaver: number): Disagreement[] {
    const [a, b] = [this.#states[holder]!, this.#states[leaver]!];
    const [offset, fence] = [a.master_repl_offset, b.second_replid_offset];
    if (typeof offset !== 'number' || typeof fence !== 'number' || fence < 0) return [];
    if (!this.#runs(holder) || !this.#runs(leaver) || a.replid !== b.replid2 || offset < fence) return [];
    const bytes = plural(offset - fence + 1, 'byte');
    return [
      {
        kind: 'beyond-the-fence',
        nodes: [holder, leaver],
        text: `${this.#name(holder)} holds ${bytes} of ${this.#history(a.replid)} beyond ${this.#name(leaver)}'s fence at ${fence}: ${this.#name(leaver)} never had them`,
      },
    ];
  }

  /** A replica has more of a history than the master it follows. */
  #ahead(master: number, replica: number): Disagreement[] {
    if (!this.#runs(replica) || !this.#follows(replica, master)) return [];
    const [m, r] = [this.#states[master]!, this.#states[replica]!];
    const [has, masters] = [r.master_repl_offset, m.master_repl_offset];
    if (typeof has !== 'number' || typeof masters !== 'number') return [];
    if (m.replid !== r.replid || has <= masters) return [];
    return [
      {
        kind: 'ahead',
        nodes: [replica, master],
        text: `${this.#name(replica)} has ${plural(has - masters, 'byte')} more of ${this.#history(r.replid)} than its master ${this.#name(master)}`,
      },
    ];
  }

  #name(node: number): string {
    return this.#trace.nodes[node]!.name;
  }

  #history(replid: FieldValue | undefined): string {
    return historyName(this.#trace, String(replid ?? ''));
  }

  #runs(node: number): boolean {
    const process = this.#states[node]!.process;
    return process === 'up' || process === 'frozen';
  }

  #isMaster(node: number): boolean {
    return this.#runs(node) && (this.#states[node]!.masterhost ?? null) === null;
  }

  #follows(replica: number, master: number): boolean {
    return this.#numbers.get(this.#states[replica]!.masterhost ?? null) === master;
  }

  #believesLinked(master: number, replica: number): boolean {
    const state = this.#states[replica]!;
    return state.process === 'up' && this.#follows(replica, master) && state.repl_state === 'CONNECTED';
  }

  /** The state in which a master lists a replica; null if it does not. */
  #listing(master: number, replica: number): string | null {
    const listed = this.#states[master]![`slave ${this.#name(replica)} state`] ?? null;
    return listed === null ? null : String(listed);
  }

  #lastAck(master: number, replica: number): { ack: FieldValue; age: string } {
    const state = this.#states[master]!;
    const ack = state[`slave ${this.#name(replica)} offset`] ?? null;
    const time = state[`slave ${this.#name(replica)} ack time`];
    if (typeof time !== 'number') return { ack, age: '' };
    return { ack, age: `${this.#secondsSince(time)} s` };
  }

  /** How long a replica has heard nothing, where that is worth a word. */
  #silence(replica: number): string {
    const last = this.#states[replica]!['master last interaction'];
    if (typeof last !== 'number') return '';
    const seconds = this.#secondsSince(last);
    return seconds < 2 ? '' : `, last heard from ${seconds} s ago`;
  }

  #secondsSince(time: number): number {
    return Math.max(0, Math.floor((this.#now - time) / 1_000_000));
  }
}

/** States of a replica that has not even connected. */
const NOT_LINKED = /^(NONE|CONNECT|CONNECTING)$/;
