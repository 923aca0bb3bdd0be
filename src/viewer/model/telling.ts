import { type FieldValue, NO_NODE, type Trace } from '../../trace/trace.ts';
import { clockText, formatBytes, historyName, nodeName, shortIds, spanText } from '../../trace/words.ts';
import { groupOf } from './groups.ts';
import type { Entry, TraceIndex } from './trace-index.ts';

/** Which of several entries tells most of a moment: the first kinds do. */
const RANK: readonly string[] = [
  'decision',
  'fault',
  'role',
  'timeout',
  'sync',
  'link',
  'command',
  'psync',
  'rdb',
  'note',
  'log',
  'client',
  'close',
  'connect',
  'handshake',
  'line',
  'stream',
  'request',
  'answer',
  'ack',
  'ping',
];

export function rankOf({ kind }: Entry): number {
  return RANK.indexOf(kind);
}

/** The sign of each kind: colour is never alone. */
export const SIGNS: Readonly<Record<Entry['kind'], string>> = {
  decision: '◆',
  fault: '✗',
  role: '▲',
  link: '○',
  timeout: '!',
  sync: '●',
  command: '›',
  client: '›',
  line: '≡',
  log: '≡',
  note: '–',
  connect: '→',
  close: '→',
  handshake: '→',
  psync: '→',
  rdb: '→',
  stream: '→',
  ping: '→',
  ack: '→',
  request: '→',
  answer: '→',
};

/** Who is concerned: a node, a direction, or everybody. */
export function whoText(trace: Trace, { node, peer, isMessage }: Entry): string {
  if (!isMessage) return node === NO_NODE ? '' : nodeName(trace, node);
  const end = (one: number): string => (one === NO_NODE ? 'client' : nodeName(trace, one));
  return `${end(node)} → ${end(peer)}`;
}

/** What an entry says; of a message without words, what it carries. */
export function entryText(trace: Trace, entry: Entry): string {
  if (entry.text !== '') return shortIds(trace, entry.text);
  return entry.isMessage ? `${entry.kind}, ${formatBytes(entry.bytes)}` : entry.kind;
}

/** What became of a message. */
export function fateText(index: TraceIndex, { isMessage, arrival, moment }: Entry): string {
  if (!isMessage) return '';
  if (arrival === -1) return 'lost';
  if (arrival < 0) return 'still under way at the end';
  return `arrives after ${spanText(index.at(arrival) - index.at(moment))}`;
}

/** Kinds whose texts tell about a node and do not begin with what it does. */
const TELLS_ABOUT: readonly string[] = ['decision', 'line', 'log', 'sync', 'link', 'timeout', 'note'];

/** Who is concerned, as the beginning of a line that goes on with what it says. */
export function leadText(trace: Trace, entry: Entry): string {
  // A fault names its nodes itself.
  if (entry.kind === 'fault') return '';
  const who = whoText(trace, entry);
  return who !== '' && TELLS_ABOUT.includes(entry.kind) ? `${who}:` : who;
}

/** A field's value for people; what is not there is a dash. */
export function valueText(trace: Trace, field: string, value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string' && /replid/.test(field)) return historyName(trace, value);
  if (typeof value === 'number' && IS_TIME.test(field)) return clockText(value);
  return String(value);
}

/** Fields that hold virtual microseconds. */
const IS_TIME = /(ack time|last interaction)$/;

/** What a moment was, for the one who asks what changed a field then: the best of what happened at that node. */
export function causeText(index: TraceIndex, moment: number, node: number): string {
  const { trace } = index;
  const own = index
    .entriesAt(moment)
    .filter((one) => !one.isMessage && (one.node === node || one.node === NO_NODE));
  const arrived = index.arrivalsAt(moment).filter((one) => one.peer === node);
  const command = own.find(({ kind }) => kind === 'fault' || kind === 'command' || kind === 'timeout');
  if (command !== undefined) return `${command.kind}: ${entryText(trace, command)}`;
  const message = arrived[0];
  if (message !== undefined)
    return `${message.kind} from ${sender(trace, message)}: ${entryText(trace, message)}`;
  const told = [...own].sort((a, b) => rankOf(a) - rankOf(b))[0];
  const timer = 'its own timer';
  return told === undefined ? timer : `${timer}: ${entryText(trace, told)}`;
}

function sender(trace: Trace, { node }: Entry): string {
  return nodeName(trace, node);
}

/** A moment in a sentence, for the scrubber's voice and the rows of the diagram. */
export function momentText(index: TraceIndex, moment: number): string {
  const best = bestOf(index, moment);
  if (best === undefined) return 'state changes';
  const text = `${leadText(index.trace, best.entry)} ${entryText(index.trace, best.entry)}`.trim();
  return best.arrives ? `${text} (arrives)` : text;
}

/** What tells most of a moment: something that began in it, else something that arrived. */
export function bestOf(
  index: TraceIndex,
  moment: number,
  allowed: (entry: Entry) => boolean = () => true,
): { entry: Entry; arrives: boolean; more: number } | undefined {
  const began = index
    .entriesAt(moment)
    .filter(allowed)
    .sort((a, b) => rankOf(a) - rankOf(b));
  const first = began[0];
  if (first !== undefined) return { entry: first, arrives: false, more: began.length - 1 };
  const arrived = index
    .arrivalsAt(moment)
    .filter(allowed)
    .sort((a, b) => rankOf(a) - rankOf(b))[0];
  return arrived === undefined ? undefined : { entry: arrived, arrives: true, more: 0 };
}

/** `38 stream, 5 heartbeats`: what a range of entries holds, by groups. */
export function countsText(index: TraceIndex, from: number, to: number): string {
  const counts = new Map<string, number>();
  for (let number = from; number < to; number++) {
    const group = groupOf(index.entry(number).kind);
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return [...counts].map(([group, count]) => `${count} ${FOLDED_NAMES[group] ?? group}`).join(', ');
}

const FOLDED_NAMES: Readonly<Record<string, string>> = {
  story: 'story',
  log: 'log',
  stream: 'stream',
  heartbeat: 'heartbeat',
  client: 'client',
};
