import type { Trace, TraceDecision } from './trace.ts';
import { clockText, formatBytes, historyName, nodeName, plural, spanText } from './words.ts';

/** What became of a run and of its PSYNCs, in sentences. */

/** Whether the run did what its scenario expects. */
export function verdictText({ verdict, duration }: Trace): string {
  const { ok, expectations, failures } = verdict;
  const judged = plural(expectations, 'expectation');
  if (ok) {
    const held = expectations === 0 ? 'every invariant held' : `${judged} and every invariant held`;
    return `${held}, in ${spanText(duration)} of virtual time.`;
  }
  return `${plural(failures.length, 'failure')} in ${spanText(duration)} of virtual time; ${judged} judged.`;
}

/** How the PSYNCs of the run were answered, in one sentence. */
export function summaryText({ decisions }: Pick<Trace, 'decisions'>): string {
  if (decisions.length === 0) return 'No server asked for a synchronization.';
  const count = (wanted: (one: TraceDecision) => boolean): number => decisions.filter(wanted).length;
  const partial = count(({ outcome }) => outcome === 'partial');
  const forced = count(({ outcome, reason }) => outcome === 'full' && reason === 'forced');
  const full = count(({ outcome }) => outcome === 'full') - forced;
  const refused = count(({ outcome }) => outcome === 'refused');
  const parts = [
    partial > 0 ? `${partial} went on where ${partial === 1 ? 'it was' : 'they were'}` : '',
    full > 0 ? `${full} had to start over` : '',
    forced > 0 ? `${forced} had nothing to continue from` : '',
    refused > 0 ? `${refused} ${refused === 1 ? 'was' : 'were'} refused` : '',
  ].filter((part) => part !== '');
  return `Of ${plural(decisions.length, 'request')} to synchronize, ${parts.join(', ')}.`;
}

/** What the run cost its users. */
export function costText({ cost }: Pick<Trace, 'cost'>): string {
  const { fullSyncs, fullBytes, forks, unreadable, writeGap, lostWrites } = cost;
  const sent =
    fullSyncs === 0
      ? 'no full synchronization'
      : `${plural(fullSyncs, 'full synchronization')} (${formatBytes(fullBytes)})`;
  return [
    sent,
    plural(forks, 'fork'),
    unreadable === 0 ? '' : `${spanText(unreadable)} in which a server could not serve reads`,
    writeGap === 0 ? '' : `${spanText(writeGap)} as the longest time without a write acknowledged`,
    lostWrites === 0 ? '' : `${plural(lostWrites, 'acknowledged write')} lost`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** One decision in a sentence: who asked whom for what, and why the answer was what it was. */
export function decisionText(trace: Trace, decision: TraceDecision): string {
  const { at, replica, master, offset, replid } = decision;
  const who = nodeName(trace, replica);
  const asked =
    replid === null || offset === null || offset < 0
      ? 'for everything'
      : `for byte ${offset} of ${historyName(trace, replid)} onwards`;
  const subject = who === 'a client' ? 'A client' : who;
  return `At ${clockText(at)} ${subject} asked ${nodeName(trace, master)} ${asked}: ${whyText(trace, decision)}.`;
}

/** Why a decision was what it was, without its numbers' proof: that is in the rules. */
export function whyText(trace: Trace, decision: TraceDecision): string {
  const { outcome, reason, bytes, backlog, missingBytes } = decision;
  const master = nodeName(trace, decision.master);
  const replica = nodeName(trace, decision.replica);
  if (outcome === 'partial') {
    const sent = bytes === 0 ? 'nothing was missed' : `${plural(bytes, 'byte')} of backlog followed`;
    return reason === 'replid2'
      ? `${master} still knew that history as the one before its own, up to its fence, and let ${replica} continue; ${sent}`
      : `${master} had the history and the bytes, and let ${replica} continue; ${sent}`;
  }
  switch (reason) {
    case 'forced':
      return `${replica} had no history to continue from, so it got a full copy`;
    case 'sync':
      return 'the old SYNC always gets a full copy';
    case 'replid-mismatch':
      return `${master} neither writes nor remembers that history, so ${replica} got a full copy`;
    case 'replid2-offset':
      return `${replica} was past ${master}'s fence and held bytes that ${master} never had, so it got a full copy`;
    case 'no-backlog':
      return `${master} knew the history but had no backlog to send from, so ${replica} got a full copy`;
    case 'backlog-overwritten':
      return `${master}'s backlog held ${backlog === null ? 'nothing' : `${backlog.first} to ${backlog.next - 1}`}, ${plural(missingBytes, 'byte')} had been overwritten, so ${replica} got a full copy`;
    case 'offset-ahead':
      return `${replica} was ${plural(missingBytes, 'byte')} ahead of ${master}, so it got a full copy`;
    case 'bad-offset':
      return outcome === 'refused'
        ? 'the offset was no number, an error'
        : 'the offset was no number, so it got a full copy';
    default:
      return `${master} ${REFUSALS[reason] ?? `answered ${reason}`}, and refused`;
  }
}

const REFUSALS: Readonly<Record<string, string>> = {
  nomasterlink: 'had no link to its own master',
  loading: 'was loading its dataset',
  masterdown: 'served no stale data while its own master was away',
  busy: 'was busy with a script',
  noauth: 'wanted a password first',
  'pending-output': 'still had output pending for that client',
};

/** The decision that teaches most of a run: the first that was not simply the first synchronization. */
export function tellingDecision({ decisions }: Pick<Trace, 'decisions'>): TraceDecision | undefined {
  return (
    decisions.find(({ outcome, reason }) => outcome === 'full' && reason !== 'forced') ??
    decisions.find(({ outcome, reason }) => outcome === 'partial' && reason === 'replid2') ??
    decisions.find(({ reason }) => reason !== 'forced') ??
    decisions[0]
  );
}
