import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { History } from './history.ts';

interface Subject {
  n: number;
  list: number[];
  table: Record<string, { value: number }>;
}

const initial = (): Subject => ({ n: 0, list: [], table: {} });

describe('a history', () => {
  test('gives the state after every event, also those that changed nothing, whatever was asked before', () => {
    const change = fc.record({
      gap: fc.integer({ min: 1, max: 4 }),
      what: fc.constantFrom('n', 'push', 'shift', 'set', 'delete', 'nothing'),
      key: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 400 }),
        fc.array(fc.nat(2000), { maxLength: 10 }),
        (changes, asked) => {
          const history = new History<Subject>(initial());
          /** The state after each event, copied whole. */
          const model: string[] = [JSON.stringify(initial())];
          let event = 0;
          for (const { gap, what, key } of changes) {
            for (let i = 1; i < gap; i++) model.push(model.at(-1)!);
            event += gap;
            const state = history.record(event, event * 10, (draft) => {
              if (what === 'n') draft.n++;
              else if (what === 'push') draft.list.push(event);
              else if (what === 'shift') draft.list.shift();
              else if (what === 'set') draft.table[key] = { value: event };
              else if (what === 'delete') delete draft.table[key];
            });
            model.push(JSON.stringify(state));
          }
          for (const one of [0, event, event + 100, ...asked]) {
            expect(JSON.stringify(history.after(one))).toBe(model[Math.min(one, event)]);
          }
          expect(JSON.stringify(history.current)).toBe(model.at(-1));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('finds its way over many checkpoints', () => {
    const history = new History<Subject>(initial());
    for (let event = 1; event <= 1000; event++) {
      history.record(event, event, (draft) => {
        draft.n = event;
      });
    }
    for (let event = 0; event <= 1000; event++) expect(history.after(event).n).toBe(event);
  });

  test('keeps no change for an event that changed nothing', () => {
    const history = new History<Subject>(initial());
    const before = history.current;
    const after = history.record(5, 50, (draft) => {
      draft.n = 0;
      draft.list.length = 0;
    });
    expect(after).toBe(before);
    expect(history.changes).toEqual([]);
  });

  test('tells what changed: event, time and patches', () => {
    const history = new History<Subject>(initial());
    history.record(7, 70, (draft) => {
      draft.n = 3;
      draft.table.x = { value: 1 };
    });
    history.record(9, 90, (draft) => {
      draft.table.x!.value = 2;
    });
    expect(history.changes.map(({ event, time }) => [event, time])).toEqual([
      [7, 70],
      [9, 90],
    ]);
    expect(history.changes[0]!.patches).toHaveLength(2);
    expect(history.changes[0]!.patches).toContainEqual({ op: 'replace', path: ['n'], value: 3 });
    expect(history.changes[0]!.patches).toContainEqual({
      op: 'add',
      path: ['table', 'x'],
      value: { value: 1 },
    });
    expect(history.changes[1]!.patches).toEqual([{ op: 'replace', path: ['table', 'x', 'value'], value: 2 }]);
  });

  test('never writes to a state it gave out', () => {
    const history = new History<Subject>(initial());
    const states: Subject[] = [];
    const copies: string[] = [];
    for (let event = 1; event <= 300; event++) {
      const state = history.record(event, event, (draft) => {
        draft.list.push(event);
        draft.table.x = { value: event };
      });
      states.push(state);
      copies.push(JSON.stringify(state));
    }
    expect(history.after(300)).toBeDefined();
    expect(states.map((state) => JSON.stringify(state))).toEqual(copies);
  });

  test('several changes by one event are one moment: the state after it has them all', () => {
    const history = new History<Subject>(initial());
    for (let i = 0; i < 3; i++) {
      history.record(4, 40, (draft) => {
        draft.n++;
      });
    }
    expect(history.after(4).n).toBe(3);
    expect(history.after(3).n).toBe(0);
  });

  test('an event that throws changes nothing', () => {
    const history = new History<Subject>(initial());
    expect(() =>
      history.record(1, 1, (draft) => {
        draft.n = 9;
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(history.current.n).toBe(0);
    expect(history.after(1).n).toBe(0);
  });

  test('unchanged parts are the same objects before and after', () => {
    const history = new History<Subject>({ ...initial(), table: { x: { value: 1 } } });
    const before = history.current;
    const after = history.record(1, 1, (draft) => {
      draft.n++;
    });
    expect(after.table).toBe(before.table);
    expect(after.list).toBe(before.list);
  });
});
