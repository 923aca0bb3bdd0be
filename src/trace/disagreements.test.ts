import { describe, expect, test } from 'vitest';
import { disagreementsAt } from './disagreements.ts';
import { A1, B2, C1, fieldHistories, handTrace, upFields } from './trace.test-helper.ts';
import type { FieldValue, Trace } from './trace.ts';

type Fields = Readonly<Record<string, FieldValue>>;

/** A, B and C as they stand at one moment, which is at 60 seconds. */
function standing(states: readonly Fields[], more: Partial<Trace> = {}): Trace {
  return handTrace({
    moments: { at: [60_000_000], event: [1] },
    states: [0, 1, 2].map((node) => fieldHistories([[0, states[node] ?? { process: 'down' }]])),
    cuts: [],
    ...more,
  });
}

const said = (trace: Trace): string[] => disagreementsAt(trace, 0).map(({ text }) => text);

const online = (name: string, offset: number, at: number): Fields => ({
  [`slave ${name} state`]: 'online',
  [`slave ${name} offset`]: offset,
  [`slave ${name} ack time`]: at,
});

const linked = (to: string, more: Fields = {}): Record<string, FieldValue> =>
  upFields(A1, { masterhost: to, repl_state: 'CONNECTED', ...more });

describe('who disagrees with whom', () => {
  test('nobody, where everybody is linked and listed, and before anything happened', () => {
    const trace = standing([upFields(A1, online('B', 10, 59_000_000)), linked('A')]);
    expect(said(trace)).toEqual([]);
    expect(disagreementsAt(trace, -1)).toEqual([]);
  });

  test('a master that lists a replica which has left for another', () => {
    const trace = standing([
      upFields(A1, online('C', 900, 19_000_000)),
      upFields(B2),
      linked('B', { repl_state: 'CONNECT' }),
    ]);
    expect(said(trace)).toContain('A lists C online, last ack 900, 41 s old; C has left A for B');
  });

  test('a master that lists one that is a master itself, is down, is frozen, or has lost its link', () => {
    const listing = upFields(A1, online('B', 5, 58_000_000));
    const ends = (other: Fields): string => said(standing([listing, other]))[0]!.replace(/^.*; /, '');
    expect(ends(upFields(B2))).toBe('B is a master itself');
    expect(ends({ process: 'down' })).toBe('B is down');
    expect(ends({ ...linked('A'), process: 'frozen' })).toBe('B is frozen');
    expect(ends(linked('A', { repl_state: 'CONNECT' }))).toBe('B has no link to A (CONNECT)');
  });

  test('not while a listed replica loads what it was sent', () => {
    expect(
      said(standing([upFields(A1, online('B', 5, 58_000_000)), linked('A', { repl_state: 'TRANSFER' })])),
    ).toEqual([]);
  });

  test('a replica that takes its link for up, of which its master knows nothing', () => {
    const waits = linked('A', { 'master last interaction': 48_000_000 });
    const belief = 'B believes its link to A is up; ';
    expect(said(standing([upFields(A1), waits]))).toEqual([
      `${belief}A does not list B, last heard from 12 s ago`,
    ]);
    expect(said(standing([{ process: 'down' }, waits]))).toEqual([
      `${belief}A is down, last heard from 12 s ago`,
    ]);
    const frozen = { ...upFields(A1, online('B', 5, 58_000_000)), process: 'frozen' };
    expect(said(standing([frozen, waits]))).toEqual([`${belief}A is frozen, last heard from 12 s ago`]);
  });

  test('two that believe in a link which is cut', () => {
    const states = [upFields(A1, online('B', 5, 58_000_000)), linked('A')];
    const one = { from: 0, to: 1, begin: 55_000_000, end: null };
    const other = { from: 1, to: 0, begin: 50_000_000, end: 61_000_000 };
    const both = 'A and B both believe their link is up; ';
    expect(said(standing(states, { cuts: [one] }))).toEqual([
      `${both}nothing passes from A to B since 55.000 s`,
    ]);
    expect(said(standing(states, { cuts: [one, other] }))).toEqual([
      `${both}nothing passes between them since 50.000 s`,
    ]);
    expect(said(standing(states, { cuts: [{ ...one, end: 60_000_000 }] }))).toEqual([]);
  });

  test('two masters: the old one writes on in the history that the promoted one left', () => {
    const promoted = upFields(B2, { replid2: A1, second_replid_offset: 100, master_repl_offset: 120 });
    const trace = standing([upFields(A1, { master_repl_offset: 99 }), promoted]);
    expect(said(trace)).toEqual([
      'A and B both take themselves for a master: A writes on in A#1, B left it at byte 100 for C#2',
    ]);
    expect(said(standing([upFields(A1), upFields(C1)]))).toEqual([]);
  });

  test('bytes beyond the fence: from the fence byte on, and none where the last byte is the one before it', () => {
    const promoted = upFields(B2, { replid2: A1, second_replid_offset: 100 });
    const beyond = (offset: number): number =>
      disagreementsAt(standing([upFields(A1, { master_repl_offset: offset }), promoted]), 0).filter(
        ({ kind }) => kind === 'beyond-the-fence',
      ).length;
    expect([beyond(99), beyond(100)]).toEqual([0, 1]);
    const trace = standing([upFields(A1, { master_repl_offset: 399 }), promoted]);
    expect(said(trace)).toContain("A holds 300 bytes of A#1 beyond B's fence at 100: B never had them");
  });

  test('a replica that has more than its master, and two that follow each other', () => {
    const master = upFields(A1, { ...online('B', 5, 60_000_000), master_repl_offset: 7 });
    expect(said(standing([master, linked('A', { master_repl_offset: 8 })]))).toEqual([
      'B has 1 byte more of A#1 than its master A',
    ]);
    const circle = standing([linked('B', { repl_state: 'CONNECT' }), linked('A', { repl_state: 'CONNECT' })]);
    expect(said(circle)).toEqual(['A and B each take the other for their master: there is no master']);
  });
});
