import { describe, expect, test } from 'vitest';
import { backlogFields, fieldHistories, handTrace, upFields } from '../../trace/trace.test-helper.ts';
import type { FieldValue, Trace } from '../../trace/trace.ts';
import { placeOf, type Ring, ringOf } from './ring.ts';

const A = 'a1'.repeat(20);

function traceOf(...changes: Readonly<Record<string, FieldValue>>[]): Trace {
  const states = changes.map((fields, moment) => [moment, fields] as const);
  return handTrace({ states: [fieldHistories(states), [], []] });
}

/** A ring of 100 bytes that holds 351 to 450: it was begun with byte 1. */
const full: Ring = { size: 100, first: 351, next: 451, head: 0.5, held: 1, lap: 5 };

describe('a backlog as a ring', () => {
  test('knows its write position, its share and its lap, counted from the byte it began with', () => {
    const { repl_backlog_size: _, ...later } = backlogFields(1151, 1251, 100);
    const trace = traceOf(upFields(A), backlogFields(1001, 1001, 100), { ...later, repl_backlog_idx: 50 });
    expect(ringOf(trace, 0, 0)).toBeNull();
    expect(ringOf(trace, 0, 1)).toMatchObject({ held: 0, lap: 1 });
    expect(ringOf(trace, 0, 2)).toEqual({ size: 100, first: 1151, next: 1251, head: 0.5, held: 1, lap: 3 });
  });

  test('is none where the version has no write position', () => {
    expect(
      ringOf(traceOf({ ...upFields(A), ...backlogFields(1, 50, 100), repl_backlog_idx: null }), 0, 0),
    ).toBeNull();
  });

  test('holds its first byte and its last, and the next one lies at the write position', () => {
    expect(placeOf(full, 351)).toMatchObject({ where: 'held', laps: 0, position: 0.5 });
    expect(placeOf(full, 450).where).toBe('held');
    expect(placeOf(full, 451)).toEqual({ where: 'next', laps: 0, position: 0.5 });
  });

  test('an overwritten byte has the place of one that is held, and is told by its lap alone', () => {
    expect(placeOf(full, 350)).toMatchObject({ where: 'overwritten', laps: -1 });
    expect(placeOf(full, 251).laps).toBe(-1);
    expect(placeOf(full, 250).laps).toBe(-2);
    expect(placeOf(full, 260).position).toBeCloseTo(placeOf(full, 360).position);
  });

  test('a byte of another history is not held, whatever lies there', () => {
    expect(placeOf(full, 400, true)).toMatchObject({ where: 'other-history', laps: 0 });
    expect(placeOf(full, 451, true).where).toBe('other-history');
  });

  test('a byte from before the buffer was never in it, one beyond is not written yet', () => {
    const young: Ring = { size: 100, first: 1001, next: 1031, head: 0.3, held: 0.3, lap: 1 };
    expect(placeOf(young, 1000).where).toBe('before-it-began');
    expect(placeOf(young, 1032)).toMatchObject({ where: 'not-yet-written', laps: 1 });
    expect(placeOf(young, 1132).laps).toBe(2);
  });
});
