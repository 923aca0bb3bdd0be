import { describe, expect, test } from 'vitest';
import { failuresOf, PAIR, play } from './run.test-helper.ts';

function replies(body: string): string[] {
  return play(PAIR + body).result.replies.map(
    ({ at_ms, on, run, reply }) => `${at_ms} ${on} ${run}: ${reply}`,
  );
}

describe('what stands at one time acts in the order of the file', () => {
  test('a command is carried out before a fault below it, and not after one above it', () => {
    const timeline = `
timeline:
  - { at: 3s, on: A, run: SET a 1 }
  - { at: 3s, kill: A }
  - { at: 3s, on: A, run: GET a }
`;
    expect(replies(timeline)).toEqual(['3000 A SET a 1: +OK', '3000 A GET a: ERR-CALL refused']);
  });

  test('the timeline comes before the workload', () => {
    const body = `
workload:
  - { on: A, every: 1s, from: 3s, until: 4s, run: SET k workload }
timeline:
  - { at: 3s, on: A, run: SET k timeline }
  - { at: 5s, on: A, run: GET k }
`;
    expect(replies(body).at(-1)).toBe('5000 A GET k: workload');
  });
});

describe('triggers', () => {
  test('after counts from the last reply of the entry before', () => {
    const body = `
timeline:
  - { at: 3s, on: A, run: WAIT 2 500 }
  - { after: 1s, on: A, run: PING }
`;
    const [wait, ping] = play(PAIR + body).result.replies;
    expect(wait).toMatchObject({ at_ms: 3000, reply: ':1' });
    expect(ping!.at_ms).toBeGreaterThanOrEqual(4500);
    expect(ping!.at_ms).toBeLessThan(4700);
  });

  test('at never waits for the entry before', () => {
    const body = `
timeline:
  - { at: 3s, on: A, run: WAIT 2 10000 }
  - { at: 4s, on: B, run: PING }
`;
    expect(replies(body).at(-1)).toBe('4000 B PING: +PONG');
  });

  test('after a step counts from that step', () => {
    const body = `
timeline:
  - { at: 3s, id: first, on: A, run: PING }
  - { after: 1s, on: B, run: PING }
  - { after: { step: first, by: 5s }, on: A, run: ECHO x }
`;
    expect(replies(body).at(-1)).toBe('8000 A ECHO x: x');
  });

  test('when acts in the very moment the condition holds', () => {
    const body = `
timeline:
  - { at: 3s, on: B, run: REPLICAOF NO ONE }
  - { when: { on: B, info: { role: master } }, on: B, run: SET k v }
`;
    expect(replies(body)).toEqual(['3000 B REPLICAOF NO ONE: +OK', '3000 B SET k v: +OK']);
  });

  test('when with for acts only once the condition has held that long', () => {
    const body = `
timeline:
  - { at: 3s, on: B, run: REPLICAOF NO ONE }
  - { when: { on: B, info: { role: master }, for: 2s }, on: B, run: PING }
`;
    expect(replies(body).at(-1)).toBe('5000 B PING: +PONG');
  });

  test('a log line counts only if it was written after arming', () => {
    const body = `
timeline:
  - { at: 3s, on: B, run: REPLICAOF NO ONE }
  - { after: 1s, on: B, run: PING }
  - { when: { on: B, log: MASTER MODE enabled }, on: B, run: PING }
`;
    const { result } = play(PAIR + body);
    expect(failuresOf(result)).toEqual([
      expect.stringMatching(/^trigger 11: .*MASTER MODE enabled.*by the end/),
    ]);
  });

  test('a when that did not hold in time fails the run and says what was so instead', () => {
    const body = `
timeline:
  - { when: { on: B, info: { role: master }, within: 5s }, on: A, run: PING }
`;
    const { result } = play(PAIR + body);
    expect(result.failures).toMatchObject([{ kind: 'trigger', line: 9, at_ms: 5000 }]);
    expect(result.failures[0]!.message).toContain(
      'expected B role == master within 5s, but B role was slave',
    );
  });

  test('an entry that waits for one that is never done fails the run', () => {
    const body = `
timeline:
  - { at: 3s, on: A, run: WAIT 2 0 }
  - { after: 1s, on: B, run: PING }
`;
    const { result } = play(PAIR + body);
    expect(failuresOf(result)).toEqual([expect.stringMatching(/^trigger 10: .*line 9, was not done/)]);
    expect(result.replies).toMatchObject([{ reply: 'ERR-CALL none' }]);
  });
});

describe('repeats', () => {
  test('back to back, all commands of a repeat fall into one moment', () => {
    const body = `
timeline:
  - { at: 3s, on: A, repeat: { times: 100, run: "SET k:{n} v" } }
  - { after: 0s, on: A, run: DBSIZE }
`;
    expect(replies(body)).toEqual(['3000 A DBSIZE: :100']);
  });

  test('with every, one round follows the other at that distance', () => {
    const body = `
timeline:
  - { at: 3s, on: A, repeat: { times: 3, every: 1s, run: INCR k } }
  - { at: 4500ms, on: A, run: GET k }
  - { at: 3500ms, on: A, run: GET k }
`;
    expect(replies(body)).toEqual(['3500 A GET k: 1', '4500 A GET k: 2']);
  });

  test('{n} counts on through the repetitions of a block', () => {
    const body = `
timeline:
  - { at: 3s, repeat: { times: 3, every: 1s, do: [ { after: 100ms, on: A, run: "SET k:{n} v" } ] } }
  - { after: 0s, on: A, run: DBSIZE }
`;
    const given = play(PAIR + body).result.replies;
    expect(given.map(({ at_ms }) => at_ms)).toEqual([3100, 4100, 5100, 5100]);
    expect(given.at(-1)!.reply).toBe(':3');
  });
});

describe('connections', () => {
  test('a raw PSYNC gets its first line, and the next command a connection of its own', () => {
    const body = `
timeline:
  - { at: 3s, on: A, run: [PSYNC ? -1, PING] }
`;
    const [psync, ping] = play(PAIR + body).result.replies;
    expect(psync!.reply).toMatch(/^\+FULLRESYNC [0-9a-f]{40} \d+$/);
    expect(ping).toMatchObject({ at_ms: 3000, reply: '+PONG' });
  });

  test('a PSYNC that MULTI has queued is no replica yet', () => {
    const body = `
timeline:
  - { at: 3s, on: A, run: [MULTI, GET k, PSYNC ? -1, EXEC] }
`;
    const replies = play(PAIR + body).result.replies.map(({ reply }) => reply);
    expect(replies).toEqual(['+OK', '+QUEUED', '+QUEUED', '*2']);
  });

  test('a reply that is not as expected fails the run, with the line', () => {
    const { result } = play(`${PAIR}timeline:\n  - { at: 3s, on: A, run: PING, reply: +OK }\n`);
    expect(failuresOf(result)).toEqual(['expectation 8: expected the reply +OK to "PING" on A, was +PONG']);
  });

  test('a tick of a workload is skipped while the reply before is out, and counted', () => {
    const body = `
workload:
  - { on: A, every: 100ms, from: 2s, until: 6s, run: "SET k:{n} v" }
timeline:
  - { at: 3s, freeze: A }
  - { at: 5s, thaw: A }
`;
    const [tally] = play(PAIR + body).result.clients;
    expect(tally).toMatchObject({ sent: 21, acknowledged: 21, skipped: 19, errors: 0 });
  });

  test('a client retries after its timeout and after READONLY, and follows point', () => {
    const body = `
clients:
  app: { to: A, timeout: 500ms, retry: 100ms }
timeline:
  - { at: 3s, freeze: A }
  - { at: 3s, as: app, run: SET k v }
  - { at: 3100ms, point: app, to: B }
  - { at: 4s, on: B, run: REPLICAOF NO ONE }
`;
    const { result } = play(PAIR + body);
    expect(result.replies[0]).toMatchObject({ on: 'app', reply: '+OK' });
    const [tally] = result.clients;
    expect(tally).toMatchObject({ name: 'app', sent: 1, acknowledged: 1, retries: 5 });
  });
});

describe('a run that cannot go on is stopped and fails', () => {
  test('when it takes more events than allowed', () => {
    const { result } = play(PAIR, { maxEvents: 50 });
    expect(failuresOf(result)).toEqual([
      expect.stringMatching(/^bound 1: the run was stopped at .* of 20s: 50 events were taken/),
    ]);
  });

  test('also where the scenario is known to fail: a run cut short does not show that', () => {
    const { result } = play(`${PAIR}\nknown_failure: it is so\n`, { maxEvents: 50 });
    expect(result.ok).toBe(false);
  });

  test('when the memory is full', () => {
    const body = `
timeline:
  - { at: 3s, on: A, repeat: { times: 1000000000, run: SET k v } }
`;
    const { result } = play(PAIR + body, { outOfMemory: () => true });
    expect(failuresOf(result)).toEqual([
      expect.stringMatching(/^bound 1: .*the memory is full after \d+ events$/),
    ]);
  });

  test('when its actions follow each other and the time does not move', () => {
    const body = `
timeline:
  - { at: 3s, repeat: { times: 1000000000, do: [{ after: 0s, heal: all, idle: ok }] } }
`;
    const { result } = play(PAIR + body);
    expect(failuresOf(result)).toEqual([
      expect.stringMatching(/^bound 1: the run was stopped at 3s of 20s: the scenario stands still/),
    ]);
  });
});

test('a when that never held fails the run also where the last entry acted', () => {
  const body = `
timeline:
  - { when: { on: A, info: { connected_slaves: 2 } }, on: A, run: PING }
  - { at: 3s, on: A, run: PING }
`;
  expect(failuresOf(play(PAIR + body).result)).toEqual([
    expect.stringMatching(/^trigger 9: the entry on line 9 never acted: expected A connected_slaves == 2/),
  ]);
});
