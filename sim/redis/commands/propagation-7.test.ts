import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { redis50, redis70 } from '../profile.ts';

/** What some commands, sent one after another by one client, put into the stream of Redis 5 and of Redis 7. */
function streams(...commands: (string | readonly string[])[]): [string[], string[]] {
  const [five, seven] = [redis50, redis70].map((profile) => {
    const lab = new Lab({ save: [''] }, profile).withBacklog();
    const fd = lab.connect();
    for (const command of commands) {
      if (typeof command === 'string' && command.startsWith('wait ')) lab.wait(Number(command.slice(5)));
      else lab.run(fd, command);
    }
    return lab.stream();
  });
  return [five!, seven!];
}

/** 2026-01-01T00:00:00Z in milliseconds: the lab's clock stands still there. */
const NOW = 1_767_225_600_000;

describe('transactions', () => {
  test('a single write in MULTI goes out alone', () => {
    expect(streams('MULTI', 'SET k v', 'EXEC')).toEqual([
      ['SELECT 0', 'MULTI', 'SET k v', 'EXEC'],
      ['SELECT 0', 'SET k v'],
    ]);
  });

  test('several writes are wrapped', () => {
    const wrapped = ['SELECT 0', 'MULTI', 'SET k v', 'SET l v', 'EXEC'];
    expect(streams('MULTI', 'SET k v', 'SET l v', 'EXEC')).toEqual([wrapped, wrapped]);
  });

  test('a transaction without writes leaves nothing', () => {
    expect(streams('MULTI', 'PING', 'EXEC')[1]).toEqual([]);
  });

  test('another database is selected before MULTI, the next one inside', () => {
    const sent = streams('MULTI', 'SET a 1', 'SELECT 3', 'SET b 2', 'EXEC')[1];
    expect(sent).toEqual(['SELECT 0', 'MULTI', 'SET a 1', 'SELECT 3', 'SET b 2', 'EXEC']);
  });
});

describe('scripts', () => {
  const one = ['EVAL', "return redis.call('set',KEYS[1],ARGV[1])", '1', 'k', 'v'];
  const two = ['EVAL', "redis.call('set','a','1') redis.call('set','b','2')", '0'];

  test('go out as what they did, wrapped if that was several commands', () => {
    expect(streams(one)[1]).toEqual(['SELECT 0', 'set k v']);
    expect(streams(two)[1]).toEqual(['SELECT 0', 'MULTI', 'set a 1', 'set b 2', 'EXEC']);
    expect(streams(one)[0]).toEqual(['SELECT 0', 'MULTI', 'set k v', 'EXEC']);
  });

  test('SCRIPT LOAD stays at home', () => {
    const [five, seven] = streams(['SCRIPT', 'LOAD', 'return 1']);
    expect(five).toHaveLength(2);
    expect(seven).toEqual([]);
  });
});

describe('times to live', () => {
  test('go out as points in time', () => {
    expect(streams('SET k v EX 10', 'SETEX k 20 v', 'PSETEX k 30 v')).toEqual([
      ['SELECT 0', 'SET k v EX 10', 'SETEX k 20 v', 'PSETEX k 30 v'],
      [
        'SELECT 0',
        `SET k v PXAT ${NOW + 10_000}`,
        `SET k v PXAT ${NOW + 20_000}`,
        `SET k v PXAT ${NOW + 30}`,
      ],
    ]);
    expect(streams('SET k v', 'EXPIRE k 100', 'PEXPIRE k 7', 'EXPIRE k 50 GT')).toEqual([
      ['SELECT 0', 'SET k v', 'EXPIRE k 100', 'PEXPIRE k 7'],
      [
        'SELECT 0',
        'SET k v',
        `PEXPIREAT k ${NOW + 100_000}`,
        `PEXPIREAT k ${NOW + 7}`,
        `PEXPIREAT k ${NOW + 50_000} GT`,
      ],
    ]);
  });

  test('a time in the past is a DEL in both', () => {
    const sent = ['SELECT 0', 'SET k v', 'DEL k'];
    expect(streams('SET k v', 'EXPIRE k -1')).toEqual([sent, sent]);
  });

  test('KEEPTTL keeps it, GET answers the old value and does not go out', () => {
    const lab = new Lab({ save: [''] }, redis70).withBacklog();
    const fd = lab.connect();
    lab.run(fd, 'SET k old PX 5000');
    expect(lab.run(fd, 'SET k new KEEPTTL GET')).toBe('$3\r\nold');
    expect(lab.run(fd, 'PTTL k')).toBe(':5000');
    expect(lab.stream().at(-1)).toBe('SET k new KEEPTTL');
    expect(lab.run(fd, 'SET k v EX 1 PX 1')).toBe('-ERR syntax error');
    expect(lab.run(fd, 'SET k v PXAT 5 KEEPTTL')).toBe('-ERR syntax error');
  });

  test('expired keys met by one command go out in one transaction, with what it wrote', () => {
    const before = ['SET a 1 PX 10', 'SET b 1 PX 10', 'wait 50'];
    expect(streams(...before, 'MGET a b')[1].slice(3)).toEqual(['MULTI', 'DEL a', 'DEL b', 'EXEC']);
    expect(streams(...before, 'INCR a')[1].slice(3)).toEqual(['MULTI', 'DEL a', 'INCR a', 'EXEC']);
    expect(streams(...before, 'GET a')[1].slice(3)).toEqual(['DEL a']);
    expect(streams(...before, 'MGET a b')[0].slice(3)).toEqual(['DEL a', 'DEL b']);
  });

  test('the cycle that finds keys expired sends them one by one', () => {
    const lab = new Lab({ save: [''] }, redis70).withBacklog();
    const fd = lab.connect();
    lab.run(fd, 'SET a 1 PX 10');
    lab.run(fd, 'SET b 1 PX 10');
    lab.wait(50);
    lab.tick();
    expect(lab.stream().slice(3)).toEqual(['DEL a', 'DEL b']);
  });
});

describe('single commands', () => {
  test('GETSET goes out as SET, FLUSHDB of nothing goes out', () => {
    expect(streams('GETSET k v')).toEqual([
      ['SELECT 0', 'GETSET k v'],
      ['SELECT 0', 'SET k v'],
    ]);
    expect(streams('FLUSHDB')).toEqual([[], ['SELECT 0', 'FLUSHDB']]);
  });

  test('SPOP of several members is one transaction', () => {
    const [five, seven] = streams('SADD s a b c d', 'SPOP s 2');
    expect(five[2]).toMatch(/^SREM s/);
    expect([seven[2], seven.length, seven.at(-1)]).toEqual(['MULTI', 6, 'EXEC']);
  });

  test('what serves a waiting BRPOPLPUSH goes out as RPOPLPUSH', () => {
    const [five, seven] = [redis50, redis70].map((profile) => {
      const lab = new Lab({ save: [''] }, profile).withBacklog();
      const [waiting, pushing] = [lab.connect(), lab.connect()];
      lab.run(waiting, 'BRPOPLPUSH from to 0');
      lab.run(pushing, 'LPUSH from x');
      return lab.stream();
    });
    expect(five).toEqual(['SELECT 0', 'LPUSH from x', 'RPOP from', 'LPUSH to x']);
    expect(seven).toEqual(['SELECT 0', 'LPUSH from x', 'RPOPLPUSH from to']);
  });
});
