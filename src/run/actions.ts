import type { CommandTemplate } from '../scenario/command-template.ts';
import type { Action, Position, ReplyTest, Route, TimelineEntry } from '../scenario/scenario.ts';
import type { Due } from './agenda.ts';
import type { Channel } from './connections/operator.ts';
import { CALL_NONE, type Caller } from './connections/session.ts';
import type { Faults } from './faults.ts';
import type { Reply } from './reply-parser.ts';
import { draw, type RunScope } from './scope.ts';
import { Tally } from './tally.ts';
import { toMs } from './time.ts';
import { Sequence, type TimelineScope } from './timeline.ts';

/** Orders of the entries at one time: the file's, with a `do:` block's entries after the entry they stand in. */
export function numberEntries(timeline: readonly TimelineEntry[]): ReadonlyMap<TimelineEntry, number> {
  const orders = new Map<TimelineEntry, number>();
  const visit = (entries: readonly TimelineEntry[]): void => {
    for (const entry of entries) {
      orders.set(entry, orders.size);
      if (entry.action.kind === 'repeat-do') visit(entry.action.entries);
    }
  };
  visit(timeline);
  return orders;
}

/** A place commands go to, and the name it has in the result. */
interface Target {
  readonly name: string;
  readonly channel: Channel;
}

type RunAction = Action & { kind: 'run' };
type RepeatAction = Action & { kind: 'repeat-run' };

/** A reply that has not come. */
interface OpenReply {
  readonly on: string;
  readonly template: CommandTemplate;
  /** When it was sent, or when its entry acted. */
  at: number;
  order: number;
  reply: Reply | null;
  readonly expected: ReplyTest | null;
  readonly position: Position;
}

/** Performs the actions of timeline entries and keeps the replies they got. */
export class Actions {
  readonly #run: RunScope;
  readonly #faults: Faults;
  /** How often each entry acted: `{n}` counts on when an entry of a `do:` block acts again. */
  readonly #rounds = new Map<TimelineEntry, number>();
  readonly #tallies = new Map<TimelineEntry, Tally>();
  readonly #replies: OpenReply[] = [];
  #sent = 0;

  constructor(run: RunScope, faults: Faults) {
    this.#run = run;
    this.#faults = faults;
  }

  /** Performs an entry's action; `done` once its last reply has come. */
  perform(entry: TimelineEntry, timeline: TimelineScope, done: () => void): void {
    const { action } = entry;
    this.#run.calm.since = this.#run.hand.now;
    switch (action.kind) {
      case 'run':
        this.#runCommands(entry, action, done);
        return;
      case 'repeat-run':
        this.#repeatCommands(entry, action, done);
        return;
      case 'repeat-do':
        this.#repeatEntries(action, timeline, done);
        return;
      case 'point': {
        const nodes = draw(action.to, this.#run);
        this.#run.clients.get(action.client)!.point(nodes.map((name) => this.#run.fields.node(name)));
        this.#run.story?.tell('client', null, `${action.client} now talks to ${nodes.join(', ')}`);
        done();
        return;
      }
      default:
        this.#faults.apply(entry, action);
        done();
    }
  }

  /**
   * Writes down all replies in the order sent, those that never came too, and what they should have been. Of a
   * run cut short only replies that came are judged.
   */
  judge(complete: boolean): void {
    const { records, failures } = this.#run;
    const inOrder = [...this.#replies].sort((a, b) => a.order - b.order);
    for (const { at, on, template, reply, expected, position } of inOrder) {
      const { text } = reply ?? CALL_NONE;
      records.replies.push({ at_ms: toMs(at), on, run: template.text, reply: text });
      if (expected === null || (reply === null && !complete) || replyMatches(expected, text)) continue;
      const wanted = expected.kind === 'text' ? expected.text : expected.source;
      const message = `expected the reply ${wanted} to "${template.text}" on ${on}, was ${text ?? 'nil'}`;
      failures.add('expectation', position, message, { at });
    }
  }

  #targets(route: Route): Target[] {
    const { clients, operators, fields } = this.#run;
    if ('client' in route) return [{ name: route.client, channel: clients.get(route.client)! }];
    return draw(route.nodes, this.#run).map((name) => ({
      name,
      channel: operators[fields.node(name)]!,
    }));
  }

  #nextRound(entry: TimelineEntry): number {
    const round = this.#rounds.get(entry) ?? 0;
    this.#rounds.set(entry, round + 1);
    return round;
  }

  #runCommands(entry: TimelineEntry, action: RunAction, done: () => void): void {
    const round = this.#nextRound(entry);
    const targets = this.#targets(action.route);
    let waiting = targets.length * action.commands.length;
    if (waiting === 0) done();
    const answered = (): void => {
      waiting--;
      if (waiting === 0) done();
    };
    for (const target of targets) {
      action.commands.forEach((template, i) => {
        this.#send(target, template, round, action.replies?.[i] ?? null, entry.position, answered);
      });
    }
  }

  #send(
    target: Target,
    template: CommandTemplate,
    round: number,
    expected: ReplyTest | null,
    position: Position,
    answered: () => void,
  ): void {
    const { hand, story } = this.#run;
    const open: OpenReply = {
      on: target.name,
      template,
      at: hand.now,
      order: Number.POSITIVE_INFINITY,
      reply: null,
      expected,
      position,
    };
    this.#replies.push(open);
    let line: { text: string } | undefined;
    const sent = (): void => {
      if (open.order !== Number.POSITIVE_INFINITY) return;
      open.at = hand.now;
      open.order = this.#sent++;
      line = story?.tell('command', target.name, template.text);
    };
    target.channel.enqueue(template.render(round), {
      sent,
      answered: (reply) => {
        sent();
        open.reply = reply;
        if (line !== undefined) line.text += ` → ${firstLine(reply.text)}`;
        answered();
      },
    });
  }

  #repeatCommands(entry: TimelineEntry, action: RepeatAction, done: () => void): void {
    const tally = this.#tally(entry);
    const targets = this.#targets(action.route);
    const first = this.#rounds.get(entry) ?? 0;
    this.#rounds.set(entry, first + action.times);
    const { story } = this.#run;
    story?.tell('command', targets.length === 1 ? targets[0]!.name : null, repeatText(action));
    let waiting = targets.length;
    const finished = (): void => {
      waiting--;
      if (waiting === 0) done();
    };
    if (waiting === 0) done();
    for (const target of targets)
      new Repetition(this.#run, action, { target, tally, first, finished }).begin();
  }

  #tally(entry: TimelineEntry): Tally {
    let tally = this.#tallies.get(entry);
    if (tally === undefined) {
      tally = new Tally(`repeat on line ${entry.position.line}`);
      this.#tallies.set(entry, tally);
      this.#run.records.tallies.push(tally);
    }
    return tally;
  }

  #repeatEntries(action: Action & { kind: 'repeat-do' }, timeline: TimelineScope, done: () => void): void {
    const { hand } = this.#run;
    const start = hand.now;
    let index = 0;
    const next = (): void => {
      if (index === action.times) {
        done();
        return;
      }
      const time = Math.max(hand.now, start + index * action.every);
      index++;
      const begin = (): void => new Sequence(timeline, action.entries, next).begin(hand.now);
      if (time <= hand.now) begin();
      else hand.schedule({ time, order: timeline.orders.get(action.entries[0]!) ?? 0, act: begin });
    };
    next();
  }
}

/** One `repeat` on one node: back to back each command follows the reply before it, else a round each `every`. */
class Repetition implements Due, Caller {
  readonly order = 0;
  time = 0;
  readonly #run: RunScope;
  readonly #action: RepeatAction;
  readonly #to: {
    readonly target: Target;
    readonly tally: Tally;
    readonly first: number;
    readonly finished: () => void;
  };
  #round = 0;
  #index = 0;
  #answers = 0;

  constructor(
    run: RunScope,
    action: RepeatAction,
    to: {
      readonly target: Target;
      readonly tally: Tally;
      readonly first: number;
      readonly finished: () => void;
    },
  ) {
    this.#run = run;
    this.#action = action;
    this.#to = to;
  }

  begin(): void {
    this.time = this.#run.hand.now;
    if (this.#action.times === 0) this.#to.finished();
    else if (this.#action.every === 0) this.#sendNext();
    else this.act();
  }

  /** A round is due. */
  act(): void {
    for (let i = 0; i < this.#action.commands.length; i++) this.#sendNext();
    this.time += this.#action.every;
    if (this.#round < this.#action.times) this.#run.hand.schedule(this);
  }

  sent(): void {
    this.#to.tally.sent++;
  }

  answered(reply: Reply): void {
    const { tally, finished } = this.#to;
    if (reply.kind === 'error' || reply.kind === 'call') tally.errors++;
    else tally.acknowledged++;
    this.#answers++;
    const { times, every, commands } = this.#action;
    if (this.#answers === times * commands.length) finished();
    else if (every === 0) this.#sendNext();
  }

  #sendNext(): void {
    const { commands } = this.#action;
    const command = commands[this.#index]!.render(this.#to.first + this.#round);
    this.#index++;
    if (this.#index === commands.length) {
      this.#index = 0;
      this.#round++;
    }
    this.#to.target.channel.enqueue(command, this);
  }
}

function repeatText({ times, every, commands }: RepeatAction): string {
  const pace = every === 0 ? '' : ` every ${every / 1000}ms`;
  return `${times} times${pace}: ${commands.map((command) => command.text).join('; ')}`;
}

function firstLine(text: string | null): string {
  return text === null ? 'nil' : text.split(/\r?\n/, 1)[0]!;
}

/** A nil is expected as `null`. */
function replyMatches(test: ReplyTest, text: string | null): boolean {
  if (test.kind === 'regex') return text !== null && test.regex.test(text);
  return test.text === (text ?? 'null');
}
