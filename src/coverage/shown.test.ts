import { expect, test } from 'vitest';
import { redis50, redis70 } from '../../sim/redis/profile.ts';
import type { Recording } from '../conform/recording.ts';
import { shownBy } from './shown.ts';
import { SlaveStatesInLog } from './slave-states-in-log.ts';

/** Lines as real servers write them, addresses being the simulation's. */

function slaveTransitions(profile: typeof redis50, lines: readonly string[]): string[] {
  const told: string[] = [];
  const states = new SlaveStatesInLog(profile, (transition) => told.push(transition));
  for (const line of lines) states.line(line);
  return told;
}

const B = '10.0.0.2:6379';
const C = '10.0.0.3:6379';

const ASKS = [`Replica ${B} asks for synchronization`, `Full resync requested by replica ${B}`];

test('a save to disk takes a replica through every state, and a second one joins it', () => {
  expect(
    slaveTransitions(redis50, [
      ...ASKS,
      'Starting BGSAVE for SYNC with target: disk',
      'Background saving started by pid 100',
      `Replica ${C} asks for synchronization`,
      `Full resync requested by replica ${C}`,
      'Waiting for end of BGSAVE for SYNC',
      'Background saving terminated with success',
      `Synchronization with replica ${B} succeeded`,
      `Connection with replica ${B} lost.`,
      'Connection with replica client id #5 lost.',
    ]),
  ).toEqual([
    'none → WAIT_BGSAVE_START',
    'WAIT_BGSAVE_START → WAIT_BGSAVE_END',
    'none → WAIT_BGSAVE_START',
    'WAIT_BGSAVE_START → WAIT_BGSAVE_END',
    'WAIT_BGSAVE_END → SEND_BULK',
    'WAIT_BGSAVE_END → SEND_BULK',
    'SEND_BULK → ONLINE',
    'ONLINE → gone',
    'SEND_BULK → gone',
  ]);
});

test('a line about a replica that nobody can name says nothing where there are two', () => {
  const online = (name: string) =>
    `Partial resynchronization request from ${name} accepted. Sending 0 bytes of backlog starting from offset 1.`;
  expect(
    slaveTransitions(redis50, [online(B), online(C), 'Connection with replica client id #5 lost.']),
  ).toEqual(['none → ONLINE', 'none → ONLINE']);
});

const STREAMED = [
  ...ASKS,
  'Delay next BGSAVE for diskless SYNC',
  'Starting BGSAVE for SYNC with target: replicas sockets',
  'Background RDB transfer started by pid 100',
  `Streamed RDB transfer with replica ${B} succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming`,
  `Synchronization with replica ${B} succeeded`,
];

test('only in Redis 5 does the line of success tell of the first ACK', () => {
  const common = [
    'none → WAIT_BGSAVE_START',
    'WAIT_BGSAVE_START → WAIT_BGSAVE_END',
    'WAIT_BGSAVE_END → ONLINE',
  ];
  expect(slaveTransitions(redis50, STREAMED)).toEqual([...common, 'ONLINE, held back → ONLINE']);
  expect(slaveTransitions(redis70, STREAMED)).toEqual(common);
});

function recording(lines: readonly string[]): Recording {
  const log = { B: lines.map((line, i) => `${i} ${line}`) };
  return {
    scenario: 'x.yaml',
    case: null,
    decisions: [],
    replies: [],
    moments: [],
    never_acted: [],
    boots: {},
    log,
  };
}

test("a replica's states are read where its log tells of them, from its start on", () => {
  const shown = shownBy(
    recording([
      'Ready to accept connections',
      `Connecting to MASTER ${C}`,
      'MASTER <-> REPLICA sync started',
      'Non blocking connect for SYNC fired the event.',
      'Timeout connecting to the MASTER...',
    ]),
    { B: ['5.0.14'] },
  );
  expect([...shown].sort()).toEqual([
    'redis-5.0 replica CONNECT → CONNECTING',
    'redis-5.0 replica CONNECTING → RECEIVE_PONG',
    'redis-5.0 replica RECEIVE_PONG → CONNECT',
    'redis-5.0 timeout repl-timeout: connecting and handshake',
  ]);
});

test('with Redis 7 the line of REPLICAOF comes after the connection it began', () => {
  const lines = [
    'Ready to accept connections',
    'Before turning into a replica, using my own master parameters to synthesize a cached master: …',
    `Connecting to MASTER ${C}`,
    `REPLICAOF ${C} enabled (user request from 'id=3')`,
    'Non blocking connect for SYNC fired the event.',
  ];
  expect([...shownBy(recording(lines), { B: ['7.0.15'] })]).toEqual([
    'redis-7.0 replica NONE → CONNECT',
    'redis-7.0 replica CONNECT → CONNECTING',
    'redis-7.0 replica CONNECTING → RECEIVE_PING_REPLY',
  ]);
});

test('a lack of backlog is one line for two reasons', () => {
  const decision = { at_ms: 0, replica: 'B', master: 'A', outcome: 'full', offset: 5, bytes: 0 };
  const decisions = [{ ...decision, reason: 'lack-of-backlog' }];
  expect([...shownBy({ ...recording([]), decisions }, { A: ['5.0.14'], B: ['5.0.14'] })]).toEqual([
    'redis-5.0 decision full/no-backlog',
    'redis-5.0 decision full/backlog-overwritten',
  ]);
});

const RDB_ONLY = [
  `RDB transfer completed, rdb only replica (${B}) should be disconnected asap`,
  `Connection with replica ${B} lost.`,
];

test('who wants the RDB alone is never online, with a disk or without', () => {
  const transmitted = ['none → WAIT_BGSAVE_START', 'WAIT_BGSAVE_START → WAIT_BGSAVE_END'];
  const disk = [
    ...ASKS,
    'Background saving started by pid 100',
    'Background saving terminated with success',
    ...RDB_ONLY,
  ];
  expect(slaveTransitions(redis70, disk)).toEqual([
    ...transmitted,
    'WAIT_BGSAVE_END → SEND_BULK',
    'SEND_BULK → RDB_TRANSMITTED',
    'RDB_TRANSMITTED → gone',
  ]);
  const socket = [
    ...ASKS,
    'Background RDB transfer started by pid 100',
    `Streamed RDB transfer with replica ${B} succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming`,
    ...RDB_ONLY,
  ];
  expect(slaveTransitions(redis70, socket)).toEqual([
    ...transmitted,
    'WAIT_BGSAVE_END → RDB_TRANSMITTED',
    'RDB_TRANSMITTED → gone',
  ]);
});

test('a save that cannot be begun leaves nobody waiting', () => {
  expect(slaveTransitions(redis70, [...ASKS, 'BGSAVE for replication failed'])).toEqual([
    'none → WAIT_BGSAVE_START',
    'WAIT_BGSAVE_START → none',
  ]);
});
