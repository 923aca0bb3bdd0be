import { describe, expect, test } from 'vitest';
import { NO_REPLID, type RedisServer } from '../../sim/redis/server.ts';
import { Histories, heldOf, holdsWrite } from './histories.ts';

const A = 0;
const B = 1;

function server(
  replid: string,
  masterReplOffset: number,
  second: [string, number] = [NO_REPLID, -1],
): RedisServer {
  return { replid, masterReplOffset, replid2: second[0], secondReplidOffset: second[1] } as RedisServer;
}

/** A writes so many times under an id, each write ten bytes, with the offsets moving or not. */
function write(histories: Histories, node: number, state: RedisServer, times: number, moving = true) {
  return Array.from({ length: times }, () => {
    const before = state.masterReplOffset;
    if (moving) state.masterReplOffset += 10;
    const history = histories.propagated(node, state, before);
    return { history, offset: state.masterReplOffset, number: history.writes };
  });
}

function holds(
  histories: Histories,
  node: number,
  state: RedisServer,
  place: ReturnType<typeof write>[number],
): boolean {
  return holdsWrite(heldOf(histories.position(node, state), place.history), place);
}

describe('a node holds a write', () => {
  test('of its own history up to its offset', () => {
    const histories = new Histories(['A', 'B']);
    const places = write(histories, A, server('x', 0), 3);
    const replica = server('x', 20);
    expect(places.map((place) => holds(histories, B, replica, place))).toEqual([true, true, false]);
  });

  test('of an ancestor up to where it left it', () => {
    const histories = new Histories(['A', 'B']);
    const master = server('x', 0);
    const before = write(histories, A, master, 2);
    histories.note(B, server('x', 20));
    const promoted = server('y', 20, ['x', 21]);
    histories.note(B, promoted);
    const after = write(histories, A, master, 1);
    expect([...before, ...after].map((place) => holds(histories, B, promoted, place))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('of an ancestor no further than it has got itself', () => {
    const histories = new Histories(['A', 'B']);
    const places = write(histories, A, server('x', 0), 4);
    histories.note(B, server('x', 40));
    histories.note(B, server('y', 40, ['x', 41]));
    const behind = server('y', 20);
    expect(places.map((place) => holds(histories, A, behind, place))).toEqual([true, true, false, false]);
  });

  test('written without a backlog before the id that the first replica brought', () => {
    const histories = new Histories(['A', 'B']);
    const [place] = write(histories, A, server('x', 0), 1, false);
    histories.note(A, server('y', 0));
    expect(holds(histories, B, server('y', 0), place!)).toBe(true);
  });

  test('after a restart only if it was saved, where offsets do not move too', () => {
    const histories = new Histories(['A', 'B']);
    const state = server('x', 0);
    const file = { repl: null } as never;
    const saved = write(histories, A, state, 2, false);
    histories.fileWritten(file, histories.positionOf(A, state));
    const unsaved = write(histories, A, state, 1, false);
    histories.ended(A);
    histories.fileRead(A, file);
    const restarted = server('z', 0);
    histories.note(A, restarted);
    expect([...saved, ...unsaved].map((place) => holds(histories, A, restarted, place))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('no longer once its process restarted with an empty disk', () => {
    const histories = new Histories(['A', 'B']);
    const [place] = write(histories, A, server('x', 0), 1);
    histories.ended(A);
    expect(holds(histories, A, server('z', 0), place!)).toBe(false);
  });
});

test('an id is named after the node that showed it first', () => {
  const histories = new Histories(['A', 'B']);
  histories.note(A, server('x', 0));
  histories.note(B, server('y', 0));
  histories.note(B, server('x', 0));
  histories.note(B, server('z', 0));
  expect(['x', 'y', 'z', NO_REPLID, 'unknown-id'].map((id) => histories.name(id))).toEqual([
    'A#1',
    'B#1',
    'B#2',
    'none',
    'unknown-',
  ]);
});

test('a second process that writes under an id begins a history of its own', () => {
  const histories = new Histories(['A', 'B']);
  write(histories, A, server('x', 0), 2);
  const other = server('x', 10);
  const [place] = write(histories, B, other, 1);
  expect(place!.history.name).toBe("A#1'");
  expect(holds(histories, A, server('x', 20), place!)).toBe(false);
});
