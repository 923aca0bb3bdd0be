import { describe, expect, test } from 'vitest';
import { handDecision, handTrace } from './trace.test-helper.ts';
import type { TraceDecision, TraceRule } from './trace.ts';
import { decisionText, summaryText, tellingDecision, verdictText, whyText } from './verdict.ts';
import { marginText, spanText } from './words.ts';

const rule = (left: string, op: string, right: string, holds: boolean): TraceRule => ({
  rule: 'r',
  left,
  op,
  right,
  holds,
  source: 's',
  section: 't',
});

describe('the verdict in words', () => {
  test('says whether the run held, and how many failures it had', () => {
    expect(verdictText(handTrace())).toBe('2 expectations and every invariant held, in 6 s of virtual time.');
    const failure = { kind: 'expectation', message: 'm', line: 3, at: null };
    const failed = handTrace({ verdict: { ok: false, expectations: 2, failures: [failure] } });
    expect(verdictText(failed)).toBe('1 failure in 6 s of virtual time; 2 expectations judged.');
  });

  test('counts how requests were answered', () => {
    const of = (outcome: TraceDecision['outcome'], reason: string) => handDecision({ outcome, reason });
    const decisions = [
      of('partial', 'replid'),
      of('full', 'forced'),
      of('full', 'no-backlog'),
      of('refused', 'loading'),
    ];
    expect(summaryText({ decisions })).toBe(
      'Of 4 requests to synchronize, 1 went on where it was, 1 had to start over, 1 had nothing to continue from, 1 was refused.',
    );
    expect(summaryText({ decisions: [] })).toBe('No server asked for a synchronization.');
  });

  test('tells a decision with what was asked, what was held, and why', () => {
    const trace = handTrace();
    expect(decisionText(trace, handDecision())).toBe(
      "At 3.000 s B asked A for byte 51 of A#1 onwards: A's backlog held 552 to 2051, 501 bytes had been overwritten, so B got a full copy.",
    );
    const forced = handDecision({ reason: 'forced', replid: '?', offset: -1, replica: -1 });
    expect(decisionText(trace, forced)).toMatch(/^At 3.000 s A client asked A for everything: /);
  });

  test('has words for every reason', () => {
    const reasons: readonly [TraceDecision['outcome'], string][] = [
      ...['replid', 'replid2'].map((reason) => ['partial', reason] as const),
      ...[
        'forced',
        'replid-mismatch',
        'replid2-offset',
        'no-backlog',
        'backlog-overwritten',
        'offset-ahead',
        'bad-offset',
        'sync',
      ].map((reason) => ['full', reason] as const),
      ...['nomasterlink', 'loading', 'masterdown', 'busy', 'noauth', 'pending-output', 'bad-offset'].map(
        (reason) => ['refused', reason] as const,
      ),
    ].map(([outcome, reason]) => [outcome as TraceDecision['outcome'], reason!]);
    const texts = reasons.map(([outcome, reason]) => whyText(handTrace(), handDecision({ outcome, reason })));
    expect(texts.filter((text) => /undefined|answered/.test(text))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('opens with the decision that teaches most, not with a first synchronization', () => {
    const forced = handDecision({ number: 1, reason: 'forced' });
    const partial = handDecision({ number: 2, outcome: 'partial', reason: 'replid' });
    const full = handDecision({ number: 3 });
    expect(tellingDecision({ decisions: [forced, partial, full] })?.number).toBe(3);
    expect(tellingDecision({ decisions: [forced, partial] })?.number).toBe(2);
    expect(tellingDecision({ decisions: [forced] })?.number).toBe(1);
    expect(tellingDecision({ decisions: [] })).toBeUndefined();
  });
});

describe('how near a comparison was', () => {
  test('is exact, to spare, or how many bytes it failed by', () => {
    expect(marginText(rule('9981', '<=', '9981', true))).toBe('exactly: with one byte more it would not');
    expect(marginText(rule('552', '>=', '552', true))).toBe('exactly: with one byte less it would not');
    expect(marginText(rule('51', '>=', '50', true))).toBe('1 byte to spare');
    expect(marginText(rule('51', '>=', '552', false))).toBe('501 bytes too early');
    expect(marginText(rule('12', '<=', '10', false))).toBe('2 bytes too late');
  });

  test('is nothing where no numbers are compared', () => {
    expect(marginText(rule('A#1', '==', 'A#1', true))).toBeNull();
    expect(marginText(rule('none', '<=', '10', false))).toBeNull();
  });
});

test('a span of time has as many digits as it is worth', () => {
  expect([0, 999, 1000, 1250, 95_317, 999_999, 1_948_000, 128_000_000].map(spanText)).toEqual([
    '0 µs',
    '999 µs',
    '1 ms',
    '1.25 ms',
    '95.3 ms',
    '1000 ms',
    '1.95 s',
    '128 s',
  ]);
});
