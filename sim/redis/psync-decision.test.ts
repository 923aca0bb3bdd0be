import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decidePsync,
  type PsyncReason,
  type PsyncState,
  parseLongLong,
  refusedPsync,
} from './psync-decision.ts';
import { NO_REPLID } from './server.ts';

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

const NUMBER = 'offset is a number';
const REPLID = 'id is replid';
const REPLID2 = 'id is replid2';
const FORCED = 'id is ?';
const WITHIN = 'offset is within replid2';
const BACKLOG = 'a backlog exists';
const LOW = 'offset is not before the backlog';
const HIGH = 'offset is not beyond the backlog';

interface Row {
  readonly what: string;
  readonly state: PsyncState;
  readonly id: string;
  readonly offset: string;
  readonly is: string;
  readonly bytes?: number;
  readonly missing?: number;
  readonly asked: readonly string[];
}

const VIA_ID = [NUMBER, REPLID, BACKLOG];
const VIA_ID2 = [NUMBER, REPLID, REPLID2, WITHIN, BACKLOG];

const TABLE: readonly Row[] = [
  { what: 'M1 no number', state: FULL, id: ID, offset: 'abc', is: 'full/bad-offset', asked: [NUMBER] },
  {
    what: 'M1 comes before the id is looked at',
    state: FULL,
    id: '?',
    offset: 'x',
    is: 'full/bad-offset',
    asked: [NUMBER],
  },
  {
    what: 'M1 a leading zero is no number',
    state: FULL,
    id: ID,
    offset: '0700',
    is: 'full/bad-offset',
    asked: [NUMBER],
  },
  {
    what: 'M1 a blank is no number',
    state: FULL,
    id: ID,
    offset: ' 700',
    is: 'full/bad-offset',
    asked: [NUMBER],
  },
  {
    what: 'M1 nothing is no number',
    state: FULL,
    id: ID,
    offset: '',
    is: 'full/bad-offset',
    asked: [NUMBER],
  },
  {
    what: 'M1 a plus is no number',
    state: FULL,
    id: ID,
    offset: '+700',
    is: 'full/bad-offset',
    asked: [NUMBER],
  },
  {
    what: 'M2 ? and -1',
    state: FULL,
    id: '?',
    offset: '-1',
    is: 'full/forced',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M2 ? with an offset in the backlog',
    state: FULL,
    id: '?',
    offset: '700',
    is: 'full/forced',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M2 an id that begins with ?',
    state: FULL,
    id: `?${ID}`,
    offset: '700',
    is: 'full/forced',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M2 ? without a backlog',
    state: NONE,
    id: '?',
    offset: '-1',
    is: 'full/forced',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M3 a strange id',
    state: FULL,
    id: OTHER,
    offset: '700',
    is: 'full/replid-mismatch',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M3 the beginning of the id',
    state: FULL,
    id: ID.slice(0, 39),
    offset: '700',
    is: 'full/replid-mismatch',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M3 forty zeros, where there is a second id',
    state: FULL,
    id: NO_REPLID,
    offset: '1',
    is: 'full/replid-mismatch',
    asked: [NUMBER, REPLID, REPLID2, FORCED],
  },
  {
    what: 'M4 one beyond the second id',
    state: FULL,
    id: ID2,
    offset: `${S2 + 1}`,
    is: 'full/replid2-offset',
    asked: [NUMBER, REPLID, REPLID2, WITHIN],
  },
  {
    what: 'M4 comes before the backlog',
    state: NONE,
    id: ID2,
    offset: `${S2 + 1}`,
    is: 'full/replid2-offset',
    asked: [NUMBER, REPLID, REPLID2, WITHIN],
  },
  {
    what: 'M4 forty zeros where the second id is cleared',
    state: CLEARED,
    id: NO_REPLID,
    offset: '0',
    is: 'full/replid2-offset',
    asked: [NUMBER, REPLID, REPLID2, WITHIN],
  },
  {
    what: 'M5 no backlog, at O+1',
    state: NONE,
    id: ID,
    offset: `${O + 1}`,
    is: 'full/no-backlog',
    asked: VIA_ID,
  },
  {
    what: 'M5 no backlog, second id',
    state: NONE,
    id: ID2,
    offset: `${S2}`,
    is: 'full/no-backlog',
    asked: VIA_ID2,
  },
  {
    what: 'M6 first-1',
    state: FULL,
    id: ID,
    offset: `${FIRST - 1}`,
    is: 'full/backlog-overwritten',
    missing: 1,
    asked: [...VIA_ID, LOW],
  },
  {
    what: 'M6 offset 0',
    state: FULL,
    id: ID,
    offset: '0',
    is: 'full/backlog-overwritten',
    missing: FIRST,
    asked: [...VIA_ID, LOW],
  },
  {
    what: 'M6 below 0',
    state: FULL,
    id: ID,
    offset: '-1',
    is: 'full/backlog-overwritten',
    missing: FIRST + 1,
    asked: [...VIA_ID, LOW],
  },
  {
    what: 'M6 second id, older than the backlog',
    state: FULL,
    id: ID2,
    offset: `${FIRST - 1}`,
    is: 'full/backlog-overwritten',
    missing: 1,
    asked: [...VIA_ID2, LOW],
  },
  {
    what: 'M6 forty zeros, -1, cleared',
    state: CLEARED,
    id: NO_REPLID,
    offset: '-1',
    is: 'full/backlog-overwritten',
    missing: FIRST + 1,
    asked: [...VIA_ID2, LOW],
  },
  {
    what: 'M6 O in an empty backlog',
    state: EMPTY,
    id: ID,
    offset: `${O}`,
    is: 'full/backlog-overwritten',
    missing: 1,
    asked: [...VIA_ID, LOW],
  },
  {
    what: 'M7 O+2',
    state: FULL,
    id: ID,
    offset: `${O + 2}`,
    is: 'full/offset-ahead',
    missing: 1,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M7 O+2 of an empty backlog',
    state: EMPTY,
    id: ID,
    offset: `${O + 2}`,
    is: 'full/offset-ahead',
    missing: 1,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M9 O+1',
    state: FULL,
    id: ID,
    offset: `${O + 1}`,
    is: 'partial/replid',
    bytes: 0,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M9 O',
    state: FULL,
    id: ID,
    offset: `${O}`,
    is: 'partial/replid',
    bytes: 1,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M9 first',
    state: FULL,
    id: ID,
    offset: `${FIRST}`,
    is: 'partial/replid',
    bytes: H,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M9 O+1 of an empty backlog',
    state: EMPTY,
    id: ID,
    offset: `${O + 1}`,
    is: 'partial/replid',
    bytes: 0,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M9 upper-case id',
    state: FULL,
    id: ID.toUpperCase(),
    offset: '700',
    is: 'partial/replid',
    bytes: O + 1 - 700,
    asked: [...VIA_ID, LOW, HIGH],
  },
  {
    what: 'M9 second id at its bound',
    state: FULL,
    id: ID2,
    offset: `${S2}`,
    is: 'partial/replid2',
    bytes: O + 1 - S2,
    asked: [...VIA_ID2, LOW, HIGH],
  },
  {
    what: 'M9 second id, upper case, first',
    state: FULL,
    id: ID2.toUpperCase(),
    offset: `${FIRST}`,
    is: 'partial/replid2',
    bytes: H,
    asked: [...VIA_ID2, LOW, HIGH],
  },
  {
    what: 'M9 both ids the same: the first counts',
    state: { ...FULL, replid2: ID },
    id: ID,
    offset: `${S2 + 1}`,
    is: 'partial/replid',
    bytes: O - S2,
    asked: [...VIA_ID, LOW, HIGH],
  },
];

describe('the decision table of PSYNC', () => {
  for (const { what, state, id, offset, is, bytes = 0, missing = 0, asked } of TABLE) {
    test(`${what}: ${is}`, () => {
      const decision = decidePsync(state, { replid: id, offset });
      expect(`${decision.outcome}/${decision.reason}`).toBe(is);
      expect(decision.bytes).toBe(bytes);
      expect(decision.missingBytes).toBe(missing);
      expect(decision.rules.map(({ rule }) => rule)).toEqual(asked);
      expect(decision.replid).toBe(id);
      expect(decision.offset).toBe(is === 'full/bad-offset' ? null : Number(offset));
    });
  }

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
        if (outcome === 'partial') expect(failed).toEqual(reason === 'replid2' ? [REPLID] : []);
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

test('an offset is an integer exactly as Redis prints one', () => {
  expect(parseLongLong('0')).toBe(0);
  expect(parseLongLong('-1')).toBe(-1);
  expect(parseLongLong('9007199254740991')).toBe(9007199254740991);
  for (const text of ['-0', '00', '1.0', '1e3', '0x10', '-', '1 ', '1\n', '१']) {
    expect(parseLongLong(text), text).toBeUndefined();
  }
});
