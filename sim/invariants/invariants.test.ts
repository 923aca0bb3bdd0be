import { describe, expect, test } from 'vitest';
import {
  NO_REPLID,
  REPL_STATE_CONNECT,
  REPL_STATE_CONNECTED,
  REPL_STATE_NONE,
  type RedisServer,
} from '../redis/server.ts';
import { INVARIANT_NAMES, isSound, SERVER_INVARIANTS } from './index.ts';

const master = {
  masterhost: null,
  replState: REPL_STATE_NONE,
  master: null,
  cachedMaster: null,
  slaves: [7],
  replBacklog: {},
  replBacklogOff: 91,
  replBacklogHistlen: 10,
  replBacklogIdx: 4,
  replBacklogSize: 16,
  masterReplOffset: 100,
  replid2: NO_REPLID,
  secondReplidOffset: -1,
  loading: false,
  clients: {},
};

const replica = {
  ...master,
  masterhost: '10.0.0.1',
  replState: REPL_STATE_CONNECTED,
  master: 3,
  slaves: [],
  clients: { 3: { reploff: 100, readReploff: 120 } },
};

function broken(state: object): string[] {
  return SERVER_INVARIANTS.filter(({ check }) => check(state as RedisServer) !== null).map(
    ({ name }) => name,
  );
}

test('a sound master and a sound replica break nothing', () => {
  expect(broken(master)).toEqual([]);
  expect(broken(replica)).toEqual([]);
  expect(isSound(master as unknown as RedisServer)).toBe(true);
  expect(isSound(replica as unknown as RedisServer)).toBe(true);
});

describe.each<[string, string, object]>([
  ['master-without-link', 'a state of a replica', { ...master, replState: REPL_STATE_CONNECT }],
  ['master-without-link', 'a cached master', { ...master, cachedMaster: {} }],
  ['one-master-link', 'a master and a cached one', { ...replica, cachedMaster: {} }],
  ['one-master-link', 'a connection without a master', { ...replica, master: null }],
  ['replicas-need-backlog', 'replicas and no backlog', { ...master, replBacklog: null }],
  ['window', 'a backlog that ends too early', { ...master, replBacklogOff: 90 }],
  ['window', 'more history than size', { ...master, replBacklogOff: 84, replBacklogHistlen: 17 }],
  ['window', 'an index at the size', { ...master, replBacklogIdx: 16 }],
  ['second-id-bound', 'a bound without a second id', { ...master, secondReplidOffset: 5 }],
  ['second-id-bound', 'a second id without a bound', { ...master, replid2: 'f'.repeat(40) }],
  [
    'second-id-bound',
    'a bound beyond the next byte',
    { ...master, replid2: 'f'.repeat(40), secondReplidOffset: 102 },
  ],
  [
    'applied-offset',
    'an offset that was not applied',
    { ...replica, clients: { 3: { reploff: 99, readReploff: 120 } } },
  ],
  [
    'applied-offset',
    'more applied than read',
    { ...replica, clients: { 3: { reploff: 100, readReploff: 99 } } },
  ],
])('%s', (name, what, state) => {
  test(`is broken by ${what}, and nothing else is`, () => {
    expect(broken(state)).toEqual([name]);
    expect(isSound(state as unknown as RedisServer)).toBe(false);
  });
});

test('the bound of the second id may be the very next byte', () => {
  expect(broken({ ...master, replid2: 'f'.repeat(40), secondReplidOffset: 101 })).toEqual([]);
});

test('a replica may be without a backlog while it has replicas', () => {
  expect(broken({ ...replica, replBacklog: null, slaves: [1] })).toEqual([]);
});

test('every name is given once', () => {
  expect(new Set(INVARIANT_NAMES).size).toBe(INVARIANT_NAMES.length);
});
