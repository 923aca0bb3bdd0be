import type { StoryEvent } from '../run/result.ts';
import type { Decided, Evidence, Moment, SaidLine } from './evidence.ts';
import { History } from './names.ts';

/** One step on the way to a decision: what happened, where and when. */
export interface Step {
  /** Virtual microseconds. */
  readonly at: number;
  /** Null for a fault between nodes. */
  readonly node: string | null;
  readonly text: string;
}

/** A peer's end of a connection is looked for so long before its other end noticed. */
const LOST_WITHIN = 5_000_000;
/** A step's own cause is followed no further back than so often. */
const MOST_STEPS = 12;

/** Follows back, from a decision, what led to the question and what led to the answer; the oldest step first. */
export function causesOf(evidence: Evidence, decided: Decided): Step[] {
  const search = new CauseSearch(evidence);
  if (decided.replica === null) search.clientAsked(decided);
  else search.whyAsked(decided.replica, decided.event);
  search.whyAnswered(decided);
  return search.steps();
}

class CauseSearch {
  readonly #evidence: Evidence;
  readonly #history: History;
  readonly #steps: Step[] = [];

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#history = new History(evidence.historyNames);
  }

  steps(): Step[] {
    // What happened between nodes comes before what they made of it.
    const rank = ({ node }: Step): number => (node === null ? 0 : 1);
    return [...this.#steps].sort((a, b) => a.at - b.at || rank(a) - rank(b)).slice(-MOST_STEPS);
  }

  /** Why a replica connects to its master at all: it started, it was told to, or its link was lost. */
  whyAsked(replica: string, event: number): void {
    const begin = this.#lastMoment(replica, event, beginsAnew);
    if (begin === undefined) return;
    const { before, after, at } = begin;
    if (before === null) this.#started(begin);
    else if (after!.masterhost !== before.masterhost) {
      const until = before.masterhost === null ? 'a master' : `a replica of ${before.masterhost}`;
      this.#add(at, replica, `${this.#commandText(begin)}: until then it was ${until}`);
    } else if (before.repl_state === 'TRANSFER') {
      this.#add(at, replica, `its synchronization failed: ${this.#lastLine(begin)}`);
    } else this.#whyLost(begin);
  }

  /** A client sent the request itself. */
  clientAsked({ at, master }: Decided): void {
    const command = this.#lastCommand(at, master, /^p?sync\b/i);
    this.#add(at, master, `a client of its own sends ${command?.text ?? 'the request'}`);
  }

  /** What made the master's side of the comparison what it was. */
  whyAnswered({ record, replica, master, event, masterView }: Decided): void {
    const { reason, offset, backlog } = record.decision;
    switch (reason) {
      case 'replid2':
      case 'replid2-offset':
      case 'replid-mismatch':
        this.#whyThisId(master, event);
        return;
      case 'backlog-overwritten': {
        const written = backlog!.next - offset!;
        this.#add(
          record.at,
          master,
          `it has written ${written} bytes since byte ${offset! - 1}, its backlog holds the last ${masterView.repl_backlog_histlen}`,
        );
        return;
      }
      case 'forced':
        if (replica !== null) this.#whyForced(replica, event);
        return;
      case 'no-backlog':
        this.#add(
          record.at,
          master,
          `it has no backlog: nobody has asked it since it started or was promoted`,
        );
        this.#whyThisId(master, event);
        return;
      case 'offset-ahead':
      case 'nomasterlink':
      case 'masterdown':
        this.whyAsked(master, event);
        return;
      default:
    }
  }

  #started(begin: Moment): void {
    const { at, node, after } = begin;
    const fault = this.#faultAt(at, 'start', node);
    const role = after!.masterhost === null ? 'a master' : `a replica of ${after!.masterhost}`;
    this.#add(
      at,
      node,
      `${fault === undefined ? 'its process starts' : 'its process starts again'}, as ${role}`,
    );
    const end = this.#lastMoment(node, begin.event - 1, ({ after: gone }) => gone === null);
    if (end !== undefined) this.#ended(end);
  }

  #ended({ at, node }: Moment): void {
    const fault = this.#lastFault(at, /^(kill|poweroff)/, node);
    const command = this.#lastCommand(at, node, /^shutdown/i);
    const why = fault !== undefined && fault.at >= (command?.at ?? fault.at) ? fault.text : command?.text;
    this.#add(at, node, `its process ended${why === undefined ? '' : `: ${why}`}`);
  }

  /** Why a link that was up is lost: one side grew tired of silence, the other side closed, or a fault. */
  #whyLost(lost: Moment): void {
    const { at, node: replica, before } = lost;
    const master = before!.masterhost!;
    const timeout = this.#linesOf(lost).find(({ text }) => text.startsWith('MASTER timeout'));
    if (timeout !== undefined) {
      this.#add(at, replica, `it hears nothing from ${master} for longer than its repl-timeout`);
      this.#whySilent(replica, master, at);
      return;
    }
    this.#add(
      at,
      replica,
      `it loses its link to ${master}, having applied byte ${before!.master_repl_offset}`,
    );
    const fault = this.#lastFault(at, /^reset/, replica, master);
    if (fault !== undefined && fault.at >= at - LOST_WITHIN) this.#add(fault.at, null, fault.text);
    else this.#whyClosed(replica, master, at);
  }

  /** Why the master closed the connection to its replica. */
  #whyClosed(replica: string, master: string, before: number): void {
    const end = this.#evidence.moments.findLast(
      ({ node, at, after }) => node === master && after === null && at <= before && at > before - LOST_WITHIN,
    );
    if (end !== undefined) {
      this.#ended(end);
      return;
    }
    const line = this.#evidence.lines.findLast(
      ({ node, at, text }) =>
        node === master && at <= before && at > before - LOST_WITHIN && CLOSING.test(text),
    );
    if (line === undefined) return;
    const moment = this.#momentOf(master, line.event);
    if (moment?.before && moment.after && moment.before.masterhost !== moment.after.masterhost) {
      this.#add(line.at, master, `${this.#commandText(moment)}: it closes the links to its replicas`);
    } else if (moment?.before && moment.after && moment.before.replid !== moment.after.replid) {
      const id = this.#history.name(moment.after.replid);
      this.#add(
        line.at,
        master,
        `its id becomes ${id}: it closes the links to its replicas, so that they learn it`,
      );
    } else {
      this.#add(line.at, master, line.text);
      if (/^Disconnecting timedout/.test(line.text)) this.#whySilent(master, replica, line.at);
    }
  }

  /** What cut off or stopped the one who was not heard. */
  #whySilent(hearer: string, silent: string, before: number): void {
    const fault =
      this.#lastFault(before, /^(partition|link)/, hearer, silent) ??
      this.#lastFault(before, /^(freeze|poweroff)/, silent);
    if (fault !== undefined) this.#add(fault.at, null, fault.text);
  }

  /** Since when and why a server goes by the id it has. */
  #whyThisId(node: string, event: number): void {
    const change = this.#lastMoment(
      node,
      event - 1,
      ({ before, after }) => after !== null && before?.replid !== after.replid,
    );
    if (change === undefined) return;
    const { at, before, after } = change;
    const id = this.#history.name(after!.replid);
    if (before === null) {
      this.#add(at, node, `a new process has a new id, ${id}`);
      return;
    }
    const was = this.#history.name(before.replid);
    const lines = this.#linesOf(change);
    const said = (begin: string): boolean => lines.some(({ text }) => text.startsWith(begin));
    if (said('Setting secondary replication ID')) {
      const fence = after!.second_replid_offset;
      this.#add(
        at,
        node,
        `${this.#commandText(change)}: its id becomes ${id}; it goes on serving ${was} to whoever wants byte ${fence} or an earlier one next`,
      );
    } else if (said('Replication backlog freed')) {
      this.#add(
        at,
        node,
        `it frees its backlog, having had no replica for repl-backlog-ttl, and takes a new id: ${was} becomes ${id}`,
      );
    } else if (said('Master replication ID changed')) {
      this.#add(
        at,
        node,
        `its master told it the new id ${id}; it goes on serving ${was} to whoever wants byte ${after!.second_replid_offset} or an earlier one next`,
      );
    } else if (before.repl_backlog_size === null && after!.masterhost === null) {
      this.#add(
        at,
        node,
        `its first replica makes it begin a backlog, and with it a new history: ${was} becomes ${id}`,
      );
    } else {
      this.#add(at, node, `a full synchronization gave it the id ${id}; before, it had ${was}`);
    }
  }

  /** Why a replica has nothing to continue from. */
  #whyForced(replica: string, event: number): void {
    const lost = this.#lastMoment(
      replica,
      event,
      ({ before, after }) =>
        before?.cached_master != null &&
        after !== null &&
        after.cached_master === null &&
        after.repl_state !== 'CONNECTED',
    );
    if (lost !== undefined) {
      this.#add(lost.at, replica, `it gave up its cached master: ${this.#lastLine(lost)}`);
      return;
    }
    const begin = this.#lastMoment(replica, event, ({ before }) => before === null);
    if (begin !== undefined)
      this.#add(begin.at, replica, 'it has no history: its process found none on its disk');
  }

  #add(at: number, node: string | null, text: string): void {
    if (!this.#steps.some((step) => step.at === at && step.node === node && step.text === text)) {
      this.#steps.push({ at, node, text });
    }
  }

  #lastMoment(node: string, upTo: number, test: (moment: Moment) => boolean): Moment | undefined {
    return this.#evidence.moments.findLast(
      (moment) => moment.node === node && moment.event <= upTo && test(moment),
    );
  }

  #momentOf(node: string, event: number): Moment | undefined {
    return this.#evidence.moments.find((moment) => moment.node === node && moment.event === event);
  }

  #linesOf({ event, node }: Moment): SaidLine[] {
    return this.#evidence.lines.filter((line) => line.event === event && line.node === node);
  }

  /** The line of a moment that says most: the last warning, else the last. */
  #lastLine(moment: Moment): string {
    const lines = this.#linesOf(moment);
    return (
      (lines.findLast(({ level }) => level === 'warning') ?? lines.at(-1))?.text ?? 'its log says nothing'
    );
  }

  /** The command that changed a server's role in this moment. */
  #commandText({ at, node }: Moment): string {
    return this.#lastCommand(at, node, /^(replicaof|slaveof|failover|exec)/i)?.text ?? 'its role changes';
  }

  #lastCommand(at: number, node: string, pattern: RegExp): StoryEvent | undefined {
    return this.#evidence.story.findLast(
      (event) =>
        event.kind === 'command' && event.node === node && event.at <= at && pattern.test(event.text),
    );
  }

  #faultAt(at: number, word: string, node: string): StoryEvent | undefined {
    return this.#evidence.story.find(
      (event) =>
        event.kind === 'fault' && event.at <= at && event.text.startsWith(word) && names(event, [node]),
    );
  }

  #lastFault(upTo: number, pattern: RegExp, ...nodes: readonly string[]): StoryEvent | undefined {
    return this.#evidence.story.findLast(
      (event) =>
        event.kind === 'fault' && event.at <= upTo && pattern.test(event.text) && names(event, nodes),
    );
  }
}

/** What a master says when it closes the connection to a replica; the first of them says why. */
const CLOSING =
  /^(Disconnecting timedout replica|Client .* for overcoming of output buffer limits|Connection with replica)/;

/** Whether a replica's way to its master begins with this: it starts, is told whom to follow, or loses its link. */
function beginsAnew({ before, after }: Moment): boolean {
  if (after === null) return false;
  if (before === null || before.masterhost !== after.masterhost) return true;
  if (before.repl_state === after.repl_state) return false;
  return (
    before.repl_state === 'CONNECTED' ||
    (before.repl_state === 'TRANSFER' && after.repl_state !== 'CONNECTED')
  );
}

/** Whether a fault's text names all of these nodes. */
function names({ text }: StoryEvent, nodes: readonly string[]): boolean {
  const words = text.split(/[^A-Za-z0-9_-]+/);
  return nodes.every((node) => words.includes(node));
}
