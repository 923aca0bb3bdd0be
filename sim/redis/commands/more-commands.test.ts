import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import type { Command } from '../networking/bytes.ts';
import { type Profile, redis50, redis70 } from '../profile.ts';

/** A server with a replica's backlog, and what commands put into the stream. */
function lab(profile: Profile, before: readonly (string | string[])[] = []) {
  const it = new Lab({}, profile);
  const fd = it.connect();
  for (const one of before) it.run(fd, one);
  const propagated: string[] = [];
  it.system.propagated = (command?: Command) => {
    propagated.push(command!.argv.join(' '));
  };
  const run = (command: string | string[]) => it.run(fd, command).replaceAll('\r\n', ' ');
  return { it, fd, run, propagated };
}

describe('what commands put into the stream', () => {
  test('floats go out as results; 7.0 keeps the time to live', () => {
    for (const [profile, end] of [
      [redis50, ''],
      [redis70, ' KEEPTTL'],
    ] as const) {
      const { run, propagated } = lab(profile, ['SET n 10.5']);
      expect(run('INCRBYFLOAT n 0.1')).toBe('$4 10.6');
      expect(run('HINCRBYFLOAT h f 2.5')).toBe('$3 2.5');
      expect(run('INCRBYFLOAT n inf')).toBe('-ERR increment would produce NaN or Infinity');
      expect(run('INCRBYFLOAT n x')).toBe('-ERR value is not a valid float');
      expect(propagated).toEqual([`SET n 10.6${end}`, 'HSET h f 2.5']);
    }
  });

  test('a field is read up to its first NUL, or has to be a number as a whole', () => {
    const [five, seven] = [redis50, redis70].map((profile) => lab(profile, [['HSET', 'h', 'f', '']])) as [
      ReturnType<typeof lab>,
      ReturnType<typeof lab>,
    ];
    expect(five.run('HINCRBYFLOAT h f 2')).toBe('$1 2');
    expect(seven.run('HINCRBYFLOAT h f 2')).toBe('-ERR hash value is not a float');
  });

  test('LTRIM that cuts nothing goes out from 5.0 only', () => {
    for (const [profile, expected] of [
      [redis50, ['LTRIM l 0 -1', 'LTRIM l 1 1']],
      [redis70, ['LTRIM l 1 1']],
    ] as const) {
      const { run, propagated } = lab(profile, ['RPUSH l a b c']);
      expect(run('LTRIM l 0 -1')).toBe('+OK');
      expect(run('LTRIM l 1 1')).toBe('+OK');
      expect(run('LRANGE l 0 -1')).toBe('*1 $1 b');
      expect(propagated).toEqual(expected);
    }
  });

  test('GETEX goes out as what it does, GETDEL as DEL', () => {
    const { it, run, propagated } = lab(redis70, ['SET a 1', 'SET b 2']);
    run('GETEX a');
    run('GETEX a EX 5');
    run('GETEX a PERSIST');
    run('GETEX a PERSIST');
    run('GETEX a EXAT 1');
    run('GETDEL b');
    run('GETDEL b');
    const when = it.server.mstime + 5000;
    expect(propagated).toEqual([`PEXPIREAT a ${when}`, 'PERSIST a', 'DEL a', 'DEL b']);
    expect(run('GETEX a EX')).toBe('-ERR syntax error');
  });

  test('LPOP with a count takes several', () => {
    const { run, propagated } = lab(redis70, ['RPUSH l a b c d']);
    expect(run('LPOP l 2')).toBe('*2 $1 a $1 b');
    expect(run('RPOP l 9')).toBe('*2 $1 d $1 c');
    expect([run('LPOP l 1'), run('LPOP l')]).toEqual(['*-1', '$-1']);
    expect(run('LPOP l -1')).toBe('-ERR value is out of range, must be positive');
    expect(propagated).toEqual(['LPOP l 2', 'RPOP l 9']);
  });

  test('MOVE, COPY and SWAPDB', () => {
    const { run, propagated } = lab(redis70, ['SET a 1', 'PEXPIRE a 5000']);
    expect([run('COPY a b'), run('COPY a b'), run('COPY a b REPLACE')]).toEqual([':1', ':0', ':1']);
    expect([run('MOVE a 1'), run('MOVE a 1'), run('MOVE b 0')]).toEqual([
      ':1',
      ':0',
      '-ERR source and destination objects are the same',
    ]);
    expect([run('MOVE b 16'), run('SWAPDB 0 16')]).toEqual(
      new Array(2).fill('-ERR DB index is out of range'),
    );
    expect(run('SWAPDB 0 1')).toBe('+OK');
    expect([run('GET a'), run('PTTL a'), run('EXISTS b')]).toEqual(['$1 1', ':5000', ':0']);
    expect(propagated).toEqual(['COPY a b', 'COPY a b REPLACE', 'MOVE a 1', 'SWAPDB 0 1']);
    expect(lab(redis50, ['SET a 1']).run('MOVE a 16')).toBe('-ERR index out of range');
  });

  test('SWAPDB serves who waits, and in 7.0 lets an EXEC fail', () => {
    for (const [profile, reply] of [
      [redis50, '*0'],
      [redis70, '*-1'],
    ] as const) {
      const { it, fd, run } = lab(profile, ['SELECT 1', 'SET w 1', 'RPUSH l x', 'SELECT 0', 'WATCH w']);
      const waiting = it.connect();
      it.run(waiting, 'BLPOP l 0');
      it.run(it.connect(), 'SWAPDB 0 1');
      expect(run('LLEN l')).toBe(':0');
      expect(it.runAll(fd, ['MULTI', 'EXEC'])).toContain(reply);
    }
  });
});

describe('edits', () => {
  test('of strings', () => {
    const { run } = lab(redis50);
    expect([run('SETRANGE s 2 ab'), run('GETRANGE s 0 -1'), run(['SETRANGE', 's', '9', ''])]).toEqual([
      ':4',
      '$4 \0\0ab',
      ':4',
    ]);
    expect([run('GETRANGE s -2 -1'), run('GETRANGE s 3 1'), run('SETRANGE s -1 x')]).toEqual([
      '$2 ab',
      '$0 ',
      '-ERR offset is out of range',
    ]);
  });

  test('of lists', () => {
    const { run } = lab(redis70, ['RPUSH l a b a c a']);
    expect([run('LREM l -1 a'), run('LINSERT l AFTER b x'), run('LINSERT l BEFORE z x')]).toEqual([
      ':1',
      ':5',
      ':-1',
    ]);
    expect([run('LSET l -1 z'), run('LSET l 9 z'), run('LSET none 0 z')]).toEqual([
      '+OK',
      '-ERR index out of range',
      '-ERR no such key',
    ]);
    expect([run('LMOVE l l LEFT RIGHT'), run('LINDEX l -1'), run('LINDEX l 9')]).toEqual([
      '$1 a',
      '$1 a',
      '$-1',
    ]);
    expect(run('LRANGE l 0 -1')).toBe('*5 $1 b $1 x $1 a $1 z $1 a');
    expect(run('LMOVE l l UP DOWN')).toBe('-ERR syntax error');
  });

  test('of hashes and sets', () => {
    const { run } = lab(redis50, ['HSET h f 5 g x', 'SADD s a b', 'SADD t b']);
    expect([run('HINCRBY h f 3'), run('HINCRBY h g 3'), run('HINCRBY h f 9223372036854775807')]).toEqual([
      ':8',
      '-ERR hash value is not an integer',
      '-ERR increment or decrement would overflow',
    ]);
    expect([run('HSETNX h f 1'), run('HSETNX h i 1'), run('HEXISTS h i'), run('HMGET h i j')]).toEqual([
      ':0',
      ':1',
      ':1',
      '*2 $1 1 $-1',
    ]);
    expect([run('SMOVE s t a'), run('SMOVE s t b'), run('SMOVE s t b'), run('SCARD t')]).toEqual([
      ':1',
      ':1',
      ':0',
      ':2',
    ]);
  });
});

test('DEBUG CHANGE-REPL-ID takes a new id, forgets the second and says so', () => {
  const lab = new Lab().withBacklog();
  const before = lab.server.replid;
  expect(lab.run(lab.connect(), 'DEBUG CHANGE-REPL-ID')).toBe('+OK');
  expect(lab.server.replid).not.toBe(before);
  expect(lab.system.logs).toContain('warning Changing replication IDs after receiving DEBUG change-repl-id');
});
