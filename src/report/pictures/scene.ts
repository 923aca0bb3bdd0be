import { formatClock, plural } from '../../terminal/format.ts';
import { stateAt } from '../../trace/state.ts';
import { NO_NODE, type Trace, type TraceDecision } from '../../trace/trace.ts';
import { historyName } from '../../trace/words.ts';
import { historySlots, NO_REPLID } from './history-slots.ts';
import { shortText } from './labels.ts';

const MOST_NAME_COLUMNS = 40;

/**
 * The offset picture before it has a size: who holds which bytes of which history at a moment, and where a request
 * lands. Offsets are numbers of bytes in the stream, from 1; a range of bytes runs from its first up to, and
 * without, the byte after its last.
 */
export interface OffsetScene {
  readonly heading: string;
  /** `full/backlog-overwritten`; null without a decision, or where it is to be guessed. */
  readonly verdict: string | null;
  readonly good: boolean;
  readonly rows: readonly SceneRow[];
  readonly request: SceneRequest | null;
  /** The histories that are shown, each with the number of its colour. */
  readonly histories: readonly SceneHistory[];
}

export interface SceneHistory {
  readonly name: string;
  readonly slot: number;
}

/** A node, or the client that asks. */
export interface SceneRow {
  readonly name: string;
  /** `master`, `replica of A`, `down`. */
  readonly role: string;
  /** The history that it goes by, and the one it had before. */
  readonly ids: string;
  /** The last byte that it has; null for what has none. */
  readonly offset: number | null;
  readonly backlog: SceneBacklog | null;
  /** `second_replid_offset`: the first byte that is not of the history that the node had before. */
  readonly fence: number | null;
  /** What to say where there is no bar. */
  readonly without: string | null;
}

export interface SceneBacklog extends ByteRange {
  readonly segments: readonly (ByteRange & { readonly history: SceneHistory })[];
}

export interface ByteRange {
  readonly from: number;
  readonly until: number;
}

export interface SceneRequest {
  /** Rows, by number. */
  readonly from: number;
  readonly to: number;
  /** The byte wanted; null where no byte is named. */
  readonly offset: number | null;
  /** What is asked for, at its beginning. */
  readonly asks: string;
  /** What it meets, at its end; null where that is to be guessed. */
  readonly meets: string | null;
  readonly span: (ByteRange & { readonly kind: 'sent' | 'missing'; readonly text: string }) | null;
}

export interface SceneOptions {
  /** Shows the question alone. */
  readonly hideAnswer?: boolean;
}

/**
 * What a picture of a moment shows. With a decision, the servers are shown as they were when it was asked: a full
 * synchronization changes the master in the same event.
 */
export function offsetScene(
  trace: Trace,
  moment: number,
  decision: TraceDecision | null,
  { hideAnswer = false }: SceneOptions = {},
): OffsetScene {
  const slots = historySlots(trace);
  const history = (replid: string): SceneHistory => ({
    name: historyName(trace, replid),
    slot: slots.get(replid) ?? slots.size,
  });
  const when = decision === null ? moment : decision.moment - 1;
  const rows = trace.nodes.map((_, node) =>
    rowOf(trace, node, when, history, decision !== null && decision.master === node ? decision : null),
  );
  if (decision?.replica === NO_NODE) rows.push(CLIENT);
  const shown = new Map(
    rows.flatMap(({ backlog }) => backlog?.segments ?? []).map((one) => [one.history.slot, one.history]),
  );
  const request = decision === null ? null : requestOf(trace, decision, rows, hideAnswer);
  return {
    heading: headingOf(trace, moment, decision),
    verdict: decision === null || hideAnswer ? null : `${decision.outcome}/${decision.reason}`,
    good: decision?.outcome === 'partial',
    rows,
    request,
    histories: [...shown.values()].sort((a, b) => a.slot - b.slot),
  };
}

const CLIENT: SceneRow = {
  name: 'a client',
  role: 'no node',
  ids: '',
  offset: null,
  backlog: null,
  fence: null,
  without: '',
};

function headingOf(trace: Trace, moment: number, decision: TraceDecision | null): string {
  if (decision === null) return `at ${formatClock(trace.moments.at[moment] ?? 0)} s`;
  const { number, at, replica, master } = decision;
  return `#${number} · ${formatClock(at)} s · ${nodeName(trace, replica)} asks ${nodeName(trace, master)}: ${requestText(trace, decision)}`;
}

/** `PSYNC A#1 51`. */
export function requestText(trace: Trace, { replid, offset }: TraceDecision): string {
  return replid === null ? 'SYNC' : `PSYNC ${historyName(trace, replid)} ${offset ?? '(no number)'}`;
}

/** A node's name, no longer than a line has room for; a request that came from none came from a client. */
export function nodeName(trace: Trace, node: number): string {
  return shortText(trace.nodes[node]?.name ?? 'a client', MOST_NAME_COLUMNS);
}

function rowOf(
  trace: Trace,
  node: number,
  moment: number,
  history: (replid: string) => SceneHistory,
  asked: TraceDecision | null,
): SceneRow {
  const name = nodeName(trace, node);
  const state = stateAt(trace, node, moment);
  if ((state.process ?? 'down') === 'down') {
    return {
      name,
      role: 'down',
      ids: '',
      offset: null,
      backlog: null,
      fence: null,
      without: 'the process is down',
    };
  }
  const number = (field: string): number => Number(state[field] ?? 0);
  const replid = String(state.replid ?? NO_REPLID);
  const replid2 = String(state.replid2 ?? NO_REPLID);
  const fence =
    replid2 === NO_REPLID || number('second_replid_offset') < 0 ? null : number('second_replid_offset');
  const from = asked?.backlog?.first ?? number('repl_backlog_off');
  const until = asked?.backlog?.next ?? from + number('repl_backlog_histlen');
  const has = asked === null ? (state.repl_backlog_size ?? null) !== null : asked.backlog !== null;
  const backlog = has
    ? { from, until, segments: split(from, until, fence, history(replid), history(replid2)) }
    : null;
  const offset = backlog === null ? number('master_repl_offset') : until - 1;
  const frozen = state.process === 'frozen' ? 'frozen, ' : '';
  return {
    name,
    ids: idsText(history(replid), replid2 === NO_REPLID ? null : history(replid2)),
    role: `${frozen}${roleOf(state.masterhost ?? null, String(state.repl_state ?? ''))}`,
    offset,
    backlog,
    fence,
    without: backlog === null ? withoutText(offset, history(replid)) : null,
  };
}

function idsText({ name }: SceneHistory, former: SceneHistory | null): string {
  return former === null ? name : `${name}, before ${former.name}`;
}

function roleOf(masterhost: string | number | null, replState: string): string {
  if (masterhost === null) return 'master';
  return `replica of ${masterhost}${replState === 'CONNECTED' ? '' : ', link down'}`;
}

function withoutText(offset: number, { name }: SceneHistory): string {
  return offset === 0 ? `no backlog, no byte of ${name}` : `no backlog, ${name} up to byte ${offset}`;
}

/** The bytes before the fence are of the former history, which they share; the others of the present one. */
function split(
  from: number,
  until: number,
  fence: number | null,
  present: SceneHistory,
  former: SceneHistory,
): SceneBacklog['segments'] {
  const border = fence === null ? from : Math.min(Math.max(fence, from), until);
  return [
    { from, until: border, history: former },
    { from: border, until, history: present },
  ].filter((one) => one.from < one.until);
}

function requestOf(
  trace: Trace,
  decision: TraceDecision,
  rows: readonly SceneRow[],
  hideAnswer: boolean,
): SceneRequest {
  const { replica, master, replid, offset } = decision;
  const forced = replid === null || replid.startsWith('?') || offset === null;
  return {
    from: replica === NO_NODE ? rows.length - 1 : replica,
    to: master,
    offset: forced ? null : offset,
    asks: forced
      ? `asks for everything: ${requestText(trace, decision)}`
      : `wants byte ${offset} of ${historyName(trace, replid)} next`,
    meets: hideAnswer ? null : meetsText(decision),
    span: hideAnswer || forced ? null : spanOf(decision, rows[master]!),
  };
}

/** What the request meets in the master, in few words. */
function meetsText({ outcome, reason, offset, bytes }: TraceDecision): string {
  if (outcome === 'refused') return `refused: ${reason}`;
  switch (reason) {
    case 'replid':
    case 'replid2':
      return bytes === 0 ? 'nothing was missed' : 'it is there';
    case 'replid-mismatch':
      return 'another history';
    case 'replid2-offset':
      return 'beyond the fence';
    case 'no-backlog':
      return 'no backlog';
    case 'backlog-overwritten':
      return `byte ${offset} is overwritten`;
    case 'offset-ahead':
      return `byte ${offset} is still to be written`;
    default:
      return 'everything is sent';
  }
}

/** The bytes that decide it: those sent, those that are missing, those beyond the fence. */
function spanOf(decision: TraceDecision, { fence }: SceneRow): SceneRequest['span'] {
  const { outcome, reason, offset, bytes, missingBytes, backlog } = decision;
  if (offset === null) return null;
  if (outcome === 'partial' && bytes > 0) {
    return { kind: 'sent', from: offset, until: offset + bytes, text: `${plural(bytes, 'byte')} sent` };
  }
  if (reason === 'backlog-overwritten' && backlog !== null) {
    return {
      kind: 'missing',
      from: offset,
      until: backlog.first,
      text: `${plural(missingBytes, 'byte')} missing`,
    };
  }
  if (reason === 'offset-ahead' && backlog !== null) {
    return {
      kind: 'missing',
      from: backlog.next,
      until: offset,
      text: `${plural(missingBytes, 'byte')} ahead`,
    };
  }
  if (reason === 'replid2-offset' && fence !== null && fence < offset) {
    return { kind: 'missing', from: fence, until: offset, text: `${plural(offset - fence, 'byte')} too far` };
  }
  return null;
}
