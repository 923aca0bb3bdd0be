import { formatBytes, formatClock, plural } from '../../terminal/format.ts';
import { ENTRY_KINDS, type EntryKind, LOST, NO_NODE, type Trace } from '../../trace/trace.ts';
import { historyName } from '../../trace/words.ts';

/** One thing in a sequence diagram. `said` is what it says beside its time: steps that say the same are alike. */
export type SequenceStep =
  | {
      readonly kind: 'arrow';
      readonly from: number;
      readonly to: number;
      readonly style: 'says' | 'replies' | 'lost';
      readonly at: number | null;
      readonly said: string;
    }
  | {
      readonly kind: 'note';
      /** NO_NODE stands over all nodes. */
      readonly over: readonly number[];
      readonly at: number | null;
      readonly said: string;
    };

interface Entry {
  readonly at: number;
  readonly kind: EntryKind;
  readonly from: number;
  readonly to: number;
  readonly lost: boolean;
  readonly bytes: number;
  readonly text: string;
}

/**
 * A run as the steps of a sequence diagram: what is said once stands there, what is said again and again (heartbeats,
 * the stream, the parts of an RDB, the handshake before a PSYNC) is gathered into one arrow for as long as nothing
 * else happens.
 */
export function sequenceSteps(trace: Trace): SequenceStep[] {
  const writer = new StepWriter(trace);
  const { entries, moments, texts } = trace;
  for (let i = 0; i < entries.moment.length; i++) {
    writer.take({
      at: moments.at[entries.moment[i]!]!,
      kind: ENTRY_KINDS[entries.kind[i]!]!,
      from: entries.node[i]!,
      to: entries.peer[i]!,
      lost: entries.arrival[i] === LOST,
      bytes: entries.bytes[i]!,
      text: texts[entries.text[i]!]!,
    });
  }
  return writer.done();
}

/** What went one way between two nodes since something else happened. */
interface Gathered {
  readonly from: number;
  readonly to: number;
  readonly lost: boolean;
  commands: number;
  commandBytes: number;
  heartbeats: number;
  rdbBytes: number;
}

/** An attempt to connect, up to the last thing that was said in it. */
interface Attempt {
  readonly from: number;
  readonly to: number;
  last: Entry;
}

class StepWriter {
  readonly #trace: Trace;
  readonly #steps: SequenceStep[] = [];
  readonly #gathered = new Map<string, Gathered>();
  readonly #attempts = new Map<string, Attempt>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  done(): SequenceStep[] {
    this.#tellGathered();
    return this.#steps;
  }

  take(entry: Entry): void {
    const { kind, from, to, at } = entry;
    switch (kind) {
      case 'connect':
      case 'handshake':
        if (from !== NO_NODE && to !== NO_NODE) this.#attempt(entry);
        return;
      case 'stream':
      case 'ping':
      case 'ack':
      case 'rdb':
        if (from !== NO_NODE && to !== NO_NODE) this.#gather(entry);
        return;
      case 'psync':
        if (from !== NO_NODE && to !== NO_NODE) this.#psync(entry);
        return;
      case 'decision': {
        const answer = /: ((?:partial|full|refused)\/.*)$/s.exec(entry.text)?.[1];
        this.#note([from], at, answer ?? entry.text);
        return;
      }
      case 'sync':
        // One that went well shows by the replica's link.
        if (!/ended: online/.test(entry.text)) this.#note([from], at, entry.text);
        return;
      case 'fault':
      case 'role':
      case 'link':
      case 'timeout':
        this.#tellGathered();
        this.#note([from], at, entry.text);
        return;
      case 'command':
        this.#note([from], at, entry.text);
        return;
      case 'close':
      case 'request':
      case 'answer':
      case 'client':
      case 'line':
      case 'log':
      case 'note':
        return;
    }
  }

  #note(over: readonly number[], at: number, said: string): void {
    this.#steps.push({ kind: 'note', over, at, said: this.#named(said) });
  }

  #psync(entry: Entry): void {
    const { from, to, at, text, lost } = entry;
    const asks = /^P?SYNC\b/i.test(text);
    this.#tellGathered();
    this.#steps.push({
      kind: 'arrow',
      from,
      to,
      style: lost ? 'lost' : asks ? 'says' : 'replies',
      at,
      said: this.#named(text),
    });
  }

  /** An attempt belongs to whoever spoke first. */
  #attempt(entry: Entry): void {
    const pair = pairOf(entry);
    const known = this.#attempts.get(pair);
    if (known === undefined || (entry.text === 'SYN' && known.last.text !== 'SYN')) {
      if (known !== undefined) this.#tellAttempt(pair, known);
      this.#attempts.set(pair, { from: entry.from, to: entry.to, last: entry });
    } else known.last = entry;
  }

  #tellAttempt(pair: string, { from, to, last }: Attempt): void {
    this.#attempts.delete(pair);
    const { at, text, lost } = last;
    if (lost) {
      const heard = text === 'SYN' ? 'connects' : `connects, ${text}`;
      this.#steps.push({ kind: 'arrow', from, to, style: 'lost', at, said: heard });
      return;
    }
    const told = text === 'SYN' || text.startsWith('RST') ? 'connects' : 'connects, handshake';
    this.#steps.push({ kind: 'arrow', from, to, style: 'says', at, said: told });
    if (text.startsWith('RST') || text.startsWith('-')) {
      this.#steps.push({ kind: 'arrow', from: to, to: from, style: 'replies', at, said: this.#named(text) });
    }
  }

  #gather({ kind, from, to, lost, bytes }: Entry): void {
    const key = `${from} ${to} ${lost}`;
    let gathered = this.#gathered.get(key);
    if (gathered === undefined) {
      gathered = { from, to, lost, commands: 0, commandBytes: 0, heartbeats: 0, rdbBytes: 0 };
      this.#gathered.set(key, gathered);
    }
    if (kind === 'rdb') gathered.rdbBytes += bytes;
    else if (kind === 'stream') {
      gathered.commands++;
      gathered.commandBytes += bytes;
    } else gathered.heartbeats++;
  }

  #tellGathered(): void {
    for (const [pair, attempt] of this.#attempts) this.#tellAttempt(pair, attempt);
    for (const { from, to, lost, commands, commandBytes, heartbeats, rdbBytes } of this.#gathered.values()) {
      const parts = [
        ...(rdbBytes > 0 ? [`RDB, ${formatBytes(rdbBytes)}`] : []),
        ...(commands > 0 ? [`${plural(commands, 'command')}, ${formatBytes(commandBytes)}`] : []),
        ...(heartbeats > 0 ? [plural(heartbeats, 'heartbeat')] : []),
      ];
      this.#steps.push({
        kind: 'arrow',
        from,
        to,
        style: lost ? 'lost' : 'says',
        at: null,
        said: parts.join(' + '),
      });
    }
    this.#gathered.clear();
  }

  /** Ids by their names. */
  #named(text: string): string {
    return text.replace(/\b[0-9a-f]{40}\b/g, (replid) => historyName(this.#trace, replid));
  }
}

function pairOf({ from, to }: Entry): string {
  return from < to ? `${from} ${to}` : `${to} ${from}`;
}

/** What a step says, with its time. */
export function stepText({ at, said }: SequenceStep): string {
  return at === null ? said : `${formatClock(at)} ${said}`;
}
