import { describe, expect, test } from 'vitest';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { obstaclesOf } from './obstacles.ts';

const MIXED = `
name: mixed
duration: 9s
profile: redis-7.0
nodes:
  A: {}
  B: { profile: redis-5.0, replicaof: A }
timeline:
  - { at: 1s, kill: B }
  - at: 2s
    repeat: { times: 1, do: [{ after: 1s, start: B, set: { profile: redis-7.0 } }] }
`;
const PLAIN = 'name: plain\nduration: 9s\nprofile: redis-7.0\nnodes:\n  A: {}\n';

function load(yaml: string, serverProfile?: ProfileName): Scenario {
  const loaded = loadScenarioFile(yaml, 'a.yaml', serverProfile === undefined ? {} : { serverProfile });
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return loaded.scenarios[0]!;
}

function impossible(scenario: Scenario, ...profiles: ProfileName[]): readonly string[] {
  return obstaclesOf(scenario, new Set(profiles)).impossible;
}

describe('a scenario whose nodes run different versions', () => {
  test('needs a server for each, and says which is missing and who runs it', () => {
    const only7 = 'redis-5.0, and there is a server for redis-7.0 only';
    expect(impossible(load(MIXED), 'redis-5.0', 'redis-7.0')).toEqual([]);
    expect(impossible(load(MIXED), 'redis-7.0')).toEqual([`B runs ${only7}`]);
    expect(impossible(load(MIXED), 'redis-5.0')).toEqual([
      'A runs redis-7.0, and there is a server for redis-5.0 only',
      'B is started as redis-7.0, and there is a server for redis-5.0 only',
    ]);
  });

  test('keeps its versions where a single server says the profile of other files', () => {
    expect(load(MIXED, 'redis-5.0').nodes.map(({ profile }) => profile)).toEqual(['redis-7.0', 'redis-5.0']);
    expect(load(PLAIN, 'redis-5.0').nodes.map(({ profile }) => profile)).toEqual(['redis-5.0']);
    const started = `${PLAIN}timeline:\n  - { at: 1s, start: A, set: { profile: redis-5.0 }, idle: ok }\n`;
    expect(load(started, 'redis-5.0').profile).toBe('redis-7.0');
  });
});

describe('what no log of a real server tells', () => {
  const waits = (condition: string): readonly string[] =>
    impossible(
      load(`${PLAIN}  B: { replicaof: A }\ntimeline:\n  - { when: ${condition}, kill: A }\n`),
      'redis-7.0',
    );

  test('cannot be waited for: the steps of the handshake behind the PING', () => {
    expect(waits('{ on: B, repl_state: RECEIVE_PORT_REPLY }')).toEqual([
      'no log tells when B is in RECEIVE_PORT_REPLY',
    ]);
    expect(
      waits('{ any: [ { not: { on: B, repl_state: SEND_PSYNC } }, { on: A, info: { role: slave } } ] }'),
    ).toEqual(['no log tells when B is in SEND_PSYNC']);
  });

  test('and what a log tells can be: PING, PSYNC and the transfer', () => {
    for (const state of [
      'RECEIVE_PING_REPLY',
      'RECEIVE_PSYNC_REPLY',
      'TRANSFER',
      'CONNECTED',
      'CONNECT',
      'NONE',
    ]) {
      expect(waits(`{ on: B, repl_state: ${state} }`), state).toEqual([]);
    }
  });
});

test('an announced address makes disagreement say nothing', () => {
  const announced = PLAIN.replace('{}', '{ config: { replica-announce-ip: 127.0.0.1 } }');
  expect(obstaclesOf(load(announced), new Set(['redis-7.0'])).approximate).toEqual([
    'A announces an address, and real ones are taken as they are free',
  ]);
});
