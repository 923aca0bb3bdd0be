import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_REPLID } from '../server.ts';
import { decidePsync, type PsyncReason, type PsyncState, refusedPsync } from './psync-decision.ts';

const ID = 'abcdef0123456789'.repeat(3).slice(0, 40);
const ID2 = '9876543210fedcba'.repeat(3).slice(0, 40);
const OTHER = '5'.repeat(40);

/** The last byte produced, the oldest held, how many are held, the bound of the second id. */
const O = 1000;
const FIRST = 401;
const H = 600;
const S2 = 700;

const FULL: PsyncState = {
  replid: ID,
  replid2: ID2,
  secondReplidOffset: S2,
  masterReplOffset: O,
  replBacklogActive: true,
  replBacklogOff: FIRST,
  replBacklogHistlen: H,
};
const EMPTY: PsyncState = { ...FULL, replBacklogOff: O + 1, replBacklogHistlen: 0 };
const NONE: PsyncState = { ...FULL, replBacklogActive: false };
const CLEARED: PsyncState = { ...FULL, replid2: NO_REPLID, secondReplidOffset: -1 };

/** The rules by a letter each. */
const RULES: Readonly<Record<string, string>> = {
  n: 'offset is a number',
  i: 'id is replid',
  j: 'id is replid2',
  q: 'id is ?',
  w: 'offset is within replid2',
  b: 'a backlog exists',
  l: 'offset is not before the backlog',
  h: 'offset is not beyond the backlog',
};

const STATES: Readonly<Record<string, PsyncState>> = {
  full: FULL,
  empty: EMPTY,
  none: NONE,
  cleared: CLEARED,
  twice: { ...FULL, replid2: ID },
};
const IDS: Readonly<Record<string, string>> = {
  ID,
  ID2,
  'upper ID': ID.toUpperCase(),
  'upper ID2': ID2.toUpperCase(),
  'short ID': ID.slice(0, 39),
  other: OTHER,
  '?': '?',
  '?ID': `?${ID}`,
  zeros: NO_REPLID,
};
const NUMBERS: Readonly<Record<string, number>> = { O, first: FIRST, S2, H };

/** What is sent, where `O+2` and the like are numbers and anything else is text. */
function offsetOf(text: string): string {
  const [, name, sign, more] = /^(O|first|S2|H)(?:([+-])(\d+))?$/.exec(text) ?? [];
  if (name === undefined) return text.replaceAll('_', ' ');
  return String(NUMBERS[name]! + (sign === '-' ? -1 : 1) * Number(more ?? 0));
}

/** The state, the request, the decision with bytes and missing bytes, and the rules that were asked. */
const TABLE = `
  M1 no number                                  | full    | ID        | abc     | full/bad-offset         | 0   | 0       | n
  M1 comes before the id is looked at           | full    | ?         | x       | full/bad-offset         | 0   | 0       | n
  M1 a leading zero is no number                | full    | ID        | 0700    | full/bad-offset         | 0   | 0       | n
  M1 a blank is no number                       | full    | ID        | _700    | full/bad-offset         | 0   | 0       | n
  M1 nothing is no number                       | full    | ID        |         | full/bad-offset         | 0   | 0       | n
  M1 a plus is no number                        | full    | ID        | +700    | full/bad-offset         | 0   | 0       | n
  M2 ? and -1                                   | full    | ?         | -1      | full/forced             | 0   | 0       | nijq
  M2 ? with an offset in the backlog            | full    | ?         | 700     | full/forced             | 0   | 0       | nijq
  M2 an id that begins with ?                   | full    | ?ID       | 700     | full/forced             | 0   | 0       | nijq
  M2 ? without a backlog                        | none    | ?         | -1      | full/forced             | 0   | 0       | nijq
  M3 a strange id                               | full    | other     | 700     | full/replid-mismatch    | 0   | 0       | nijq
  M3 the beginning of the id                    | full    | short ID  | 700     | full/replid-mismatch    | 0   | 0       | nijq
  M3 forty zeros, where there is a second id    | full    | zeros     | 1       | full/replid-mismatch    | 0   | 0       | nijq
  M4 one beyond the second id                   | full    | ID2       | S2+1    | full/replid2-offset     | 0   | 0       | nijw
  M4 comes before the backlog                   | none    | ID2       | S2+1    | full/replid2-offset     | 0   | 0       | nijw
  M4 forty zeros where the second id is cleared | cleared | zeros     | 0       | full/replid2-offset     | 0   | 0       | nijw
  M5 no backlog, at O+1                         | none    | ID        | O+1     | full/no-backlog         | 0   | 0       | nib
  M5 no backlog, second id                      | none    | ID2       | S2      | full/no-backlog         | 0   | 0       | nijwb
  M6 first-1                                    | full    | ID        | first-1 | full/backlog-overwritten| 0   | 1       | nibl
  M6 offset 0                                   | full    | ID        | 0       | full/backlog-overwritten| 0   | first   | nibl
  M6 below 0                                    | full    | ID        | -1      | full/backlog-overwritten| 0   | first+1 | nibl
  M6 second id, older than the backlog          | full    | ID2       | first-1 | full/backlog-overwritten| 0   | 1       | nijwbl
  M6 forty zeros, -1, cleared                   | cleared | zeros     | -1      | full/backlog-overwritten| 0   | first+1 | nijwbl
  M6 O in an empty backlog                      | empty   | ID        | O       | full/backlog-overwritten| 0   | 1       | nibl
  M7 O+2                                        | full    | ID        | O+2     | full/offset-ahead       | 0   | 1       | niblh
  M7 O+2 of an empty backlog                    | empty   | ID        | O+2     | full/offset-ahead       | 0   | 1       | niblh
  M9 O+1                                        | full    | ID        | O+1     | partial/replid          | 0   | 0       | niblh
  M9 O                                          | full    | ID        | O       | partial/replid          | 1   | 0       | niblh
  M9 first                                      | full    | ID        | first   | partial/replid          | H   | 0       | niblh
  M9 O+1 of an empty backlog                    | empty   | ID        | O+1     | partial/replid          | 0   | 0       | niblh
  M9 upper-case id                              | full    | upper ID  | 700     | partial/replid          | 301 | 0       | niblh
  M9 second id at its bound                     | full    | ID2       | S2      | partial/replid2         | 301 | 0       | nijwblh
  M9 second id, upper case, first               | full    | upper ID2 | first   | partial/replid2         | H   | 0       | nijwblh
  M9 both ids the same: the first counts        | twice   | ID        | S2+1    | partial/replid          | 300 | 0       | niblh
`;
const ROWS = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the decision table of PSYNC', () => {
  test.each(ROWS)('%s', (_what, state, id, offset, is, bytes, missing, asked) => {
    const sent = offsetOf(offset!);
    const decision = decidePsync(STATES[state!]!, { replid: IDS[id!]!, offset: sent });
    expect(`${decision.outcome}/${decision.reason}`).toBe(is);
    expect(decision.bytes).toBe(Number(offsetOf(bytes!)));
    expect(decision.missingBytes).toBe(Number(offsetOf(missing!)));
    expect(decision.rules.map(({ rule }) => rule)).toEqual([...asked!].map((letter) => RULES[letter]));
    expect(decision.replid).toBe(IDS[id!]);
    expect(decision.offset).toBe(is === 'full/bad-offset' ? null : Number(sent));
  });

  test('SYNC is a full resynchronization whatever the server holds, and asks nothing of id or offset', () => {
    const decision = decidePsync(FULL, 'SYNC');
    expect(decision).toMatchObject({
      outcome: 'full',
      reason: 'sync',
      replid: null,
      offset: null,
      bytes: 0,
      missingBytes: 0,
    });
    expect(decision.rules.map(({ rule }) => rule)).toEqual(['the command is PSYNC']);
  });

  test('the backlog is told as its first byte and the next to come, or null', () => {
    expect(decidePsync(FULL, { replid: '?', offset: '-1' }).backlog).toEqual({ first: FIRST, next: O + 1 });
    expect(decidePsync(NONE, { replid: '?', offset: '-1' }).backlog).toBeNull();
    expect(decidePsync(EMPTY, 'SYNC').backlog).toEqual({ first: O + 1, next: O + 1 });
  });

  test('a rule carries both its values: the first that fails says how far off the request was', () => {
    const rules = decidePsync(FULL, { replid: ID, offset: '380' }).rules;
    expect(rules.at(-1)).toMatchObject({ left: 380, op: '>=', right: FIRST, holds: false });
    expect(rules.slice(0, -1).every(({ holds }) => holds)).toBe(true);
    expect(rules.at(-1)!.source).toBe('masterTryPartialResynchronization');
  });

  test('a refusal keeps the request and the one guard that failed', () => {
    const rule = {
      rule: 'the link is up',
      left: 'down',
      op: '==',
      right: 'up',
      source: 'syncCommand',
    } as const;
    const request = { replid: ID, offset: '700' };
    expect(refusedPsync('nomasterlink', FULL, request, rule)).toMatchObject({
      outcome: 'refused',
      reason: 'nomasterlink',
      replid: ID,
      offset: 700,
      bytes: 0,
      rules: [{ ...rule, holds: false }],
    });
    expect(refusedPsync('nomasterlink', FULL, 'SYNC', rule)).toMatchObject({ replid: null, offset: null });
    expect(refusedPsync('nomasterlink', FULL, { replid: '?', offset: 'x' }, rule).offset).toBeNull();
  });
});

describe('decidePsync against an independent predicate', () => {
  const states = fc
    .record({
      offset: fc.integer({ min: 0, max: 300 }),
      held: fc.integer({ min: 0, max: 300 }),
      bound: fc.integer({ min: -1, max: 310 }),
      replid2: fc.constantFrom(ID2, NO_REPLID, ID),
      active: fc.boolean(),
    })
    .map(({ offset, held, bound, replid2, active }): PsyncState => {
      const histlen = Math.min(held, offset);
      return {
        replid: ID,
        replid2,
        secondReplidOffset: bound,
        masterReplOffset: offset,
        replBacklogActive: active,
        replBacklogOff: offset - histlen + 1,
        replBacklogHistlen: histlen,
      };
    });
  const ids = fc.constantFrom(ID, ID2, ID.toUpperCase(), ID2.toUpperCase(), OTHER, '?', NO_REPLID, '');
  const wanted = fc.integer({ min: -3, max: 310 });

  test('partial exactly where history and backlog both reach: bytes is O+1-offset', () => {
    fc.assert(
      fc.property(states, ids, wanted, (state, id, offset) => {
        const { outcome, bytes, missingBytes } = decidePsync(state, { replid: id, offset: `${offset}` });
        const same = (name: string) => name.toUpperCase() === id.toUpperCase();
        const known = same(state.replid) || (same(state.replid2) && offset <= state.secondReplidOffset);
        const held = new Set<number>([state.masterReplOffset + 1]);
        for (let i = 0; i < state.replBacklogHistlen; i++) held.add(state.masterReplOffset - i);
        const partial = known && state.replBacklogActive && held.has(offset);
        expect(outcome).toBe(partial ? 'partial' : 'full');
        expect(bytes).toBe(partial ? state.masterReplOffset + 1 - offset : 0);
        if (partial) expect(missingBytes).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('every rule but the last holds or sent the question on to the other id; the last decides', () => {
    fc.assert(
      fc.property(states, ids, wanted, (state, id, offset) => {
        const decision = decidePsync(state, { replid: id, offset: `${offset}` });
        const { rules, outcome, reason } = decision;
        const lastHolds: Partial<Record<PsyncReason, boolean>> = {
          replid: true,
          replid2: true,
          forced: true,
        };
        expect(rules.at(-1)!.holds).toBe(lastHolds[reason] ?? false);
        const failed = rules.filter(({ holds }) => !holds).map(({ rule }) => rule);
        if (outcome === 'partial') expect(failed).toEqual(reason === 'replid2' ? [RULES.i] : []);
      }),
    );
  });

  test('missing_bytes is what the backlog would have to reach further back, or the request less far ahead', () => {
    fc.assert(
      fc.property(states, wanted, (state, offset) => {
        const { reason, missingBytes } = decidePsync(state, { replid: ID, offset: `${offset}` });
        if (reason === 'backlog-overwritten') {
          const longer = { ...state, replBacklogOff: state.replBacklogOff - missingBytes };
          const held = state.replBacklogHistlen + missingBytes;
          const retry = decidePsync(
            { ...longer, replBacklogHistlen: held },
            { replid: ID, offset: `${offset}` },
          );
          expect(retry.outcome).toBe('partial');
          expect(missingBytes).toBeGreaterThan(0);
        } else if (reason === 'offset-ahead') {
          expect(decidePsync(state, { replid: ID, offset: `${offset - missingBytes}` }).outcome).toBe(
            'partial',
          );
          expect(missingBytes).toBeGreaterThan(0);
        }
      }),
    );
  });
});
