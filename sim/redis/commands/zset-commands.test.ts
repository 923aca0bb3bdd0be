import { describe, expect, test } from 'vitest';
import { keyspaceOf } from '../data/keyspace.ts';
import { RedisZset } from '../data/zset.ts';
import { Lab } from '../fake-system.test-helper.ts';
import { redis50, redis70 } from '../profile.ts';
import {
  addLongDoubles,
  formatDouble,
  formatLongDouble,
  getDouble,
  getFiniteLongDouble,
} from './float-text.ts';

function lab(profile = redis50, before: readonly string[] = []): (command: string) => string {
  const it = new Lab({}, profile);
  const fd = it.connect();
  for (const one of before) it.run(fd, one);
  return (command) => it.run(fd, command).replaceAll('\r\n', ' ');
}

const ABC = ['ZADD z 1 a 2 b 3 c'];

describe('sorted sets', () => {
  test('ZADD counts what is new, with CH what changed too; NX and XX spare the one or the other', () => {
    const run = lab(redis50, ABC);
    expect(run('ZADD z 5 a 6 d')).toBe(':1');
    expect(run('ZADD z CH 7 a 6 d')).toBe(':1');
    expect(run('ZADD z NX 1 a 1 e')).toBe(':1');
    expect(run('ZADD z XX 9 f')).toBe(':0');
    expect(run('ZRANGE z 0 -1 WITHSCORES')).toBe('*10 $1 e $1 1 $1 b $1 2 $1 c $1 3 $1 d $1 6 $1 a $1 7');
    expect(run('ZADD z XX NX 1 a')).toBe('-ERR XX and NX options at the same time are not compatible');
    expect(run('ZADD z 1 a 2')).toBe('-ERR syntax error');
    expect(run('ZADD z x a')).toBe('-ERR value is not a valid float');
    expect(run('ZADD z INCR 1 a 2 b')).toBe('-ERR INCR option supports a single increment-element pair');
    expect(run('ZADD none XX 1 a')).toBe(':0');
    expect(run('TYPE none')).toBe('+none');
    expect(run('TYPE z')).toBe('+zset');
  });

  test('GT and LT are for 7.0', () => {
    expect(lab(redis50, ABC)('ZADD z GT 5 a')).toBe('-ERR syntax error');
    expect(lab(redis50, ABC)('ZADD z GT CH 5 a')).toBe('-ERR value is not a valid float');
    const run = lab(redis70, ABC);
    expect(run('ZADD z GT CH 0 a 5 b')).toBe(':1');
    expect(run('ZADD z LT INCR 4 a')).toBe('$-1');
    expect(run('ZADD z GT LT 1 a')).toBe(
      '-ERR GT, LT, and/or NX options at the same time are not compatible',
    );
  });

  test('an increment adds, and infinities that cancel are an error', () => {
    const run = lab(redis50, ['ZADD z inf a']);
    expect(run('ZINCRBY z -inf a')).toBe('-ERR resulting score is not a number (NaN)');
    expect(run('ZINCRBY z 0.1 b')).toBe('$19 0.10000000000000001');
  });

  test('what is equal in score stands in the order of its bytes; ranks count from either end', () => {
    const run = lab(redis50, ['ZADD z 1 b 1 a 0 c']);
    expect(run('ZRANGE z 0 -1')).toBe('*3 $1 c $1 a $1 b');
    expect([run('ZRANK z a'), run('ZREVRANK z b'), run('ZRANK z x')]).toEqual([':1', ':0', '$-1']);
    expect(run('ZREVRANGE z 0 0')).toBe('*1 $1 b');
  });

  test('ranges by score and member', () => {
    const run = lab(redis50, ABC);
    expect(run('ZRANGEBYSCORE z (1 +inf LIMIT 1 1')).toBe('*1 $1 c');
    expect(run('ZREVRANGEBYSCORE z 2 -inf')).toBe('*2 $1 b $1 a');
    expect(run('ZRANGEBYSCORE z x 1 JUNK')).toBe('-ERR min or max is not a float');
    expect(run('ZRANGEBYLEX z - (c')).toBe('*2 $1 a $1 b');
    expect(run('ZRANGEBYLEX z a c')).toBe('-ERR min or max not valid string range item');
    expect([run('ZCOUNT z 2 3'), run('ZLEXCOUNT z [b +')]).toEqual([':2', ':2']);
    const run7 = lab(redis70, ABC);
    expect(run7('ZRANGEBYSCORE z x 1 JUNK')).toBe('-ERR syntax error');
    expect(run7('ZRANGE z 3 (1 BYSCORE REV')).toBe('*2 $1 c $1 b');
    expect(run7('ZRANGE z 0 1 LIMIT 0 1')).toMatch('LIMIT is only supported');
  });

  test('a range by member is empty where the first and last member say so', () => {
    const run = lab(redis50, ['ZADD z 1 c 2 a']);
    expect(run('ZRANGEBYLEX z [b +')).toBe('*0');
  });

  test('ZPOP takes from an end, ZREMRANGE a range; what is empty is gone', () => {
    const run = lab(redis50, ABC);
    expect(run('ZPOPMAX z')).toBe('*2 $1 c $1 3');
    expect(run('ZREMRANGEBYSCORE z (1 9')).toBe(':1');
    expect(run('ZPOPMIN z -1')).toBe('*0');
    expect(lab(redis70, ABC)('ZPOPMIN z -1')).toBe('-ERR value is out of range, must be positive');
    expect(run('ZREMRANGEBYRANK z 0 -1')).toBe(':1');
    expect(run('EXISTS z')).toBe(':0');
  });

  test('takes a ziplist’s room in an RDB file up to 128 members of 64 bytes, then eight bytes for each score', () => {
    const it = new Lab();
    const fd = it.connect();
    it.run(fd, 'ZADD z 1 a 2.5 bb');
    const zset = () => keyspaceOf(it.server.dbs, 0).get('z')!.value as RedisZset;
    // One byte of length, 11 of ziplist, then 1+1+1, 1+1, 1+1+2, 1+1+3 of entries.
    expect(zset().rdbBytes()).toBe(1 + 11 + 3 + 2 + 4 + 5);
    expect(zset().listpackRdbBytes()).toBe(1 + 7 + 3 + 2 + 4 + 5);
    it.run(fd, `ZADD z 3 ${'x'.repeat(65)}`);
    expect(zset().rdbBytes()).toBe(1 + (2 + 8) + (3 + 8) + (2 + 65 + 8));
    expect(zset().listpackRdbBytes()).toBe(zset().rdbBytes());
  });

  test('digests tell members and scores apart, in any order of adding', () => {
    const a = RedisZset.empty.set('a', 1).set('b', 2);
    const b = RedisZset.empty.set('b', 2).set('a', 3).set('a', 1);
    expect(a.digest().equals(b.digest())).toBe(true);
    expect(a.digest().equals(a.set('a', 2).digest())).toBe(false);
  });
});

describe('numbers as C prints them', () => {
  test('doubles with 17 digits', () => {
    expect([0.1, 1e20, 1e-5, 100, -0, 1 / 3, 123456789012345680].map(formatDouble)).toEqual([
      '0.10000000000000001',
      '1e+20',
      '1.0000000000000001e-05',
      '100',
      '-0',
      '0.33333333333333331',
      '1.2345678901234568e+17',
    ]);
    expect(['', ' 1', '1 ', 'nan', '1e400', '1e-400', '0x10'].map(getDouble)).toEqual(
      new Array(7).fill(undefined),
    );
  });

  test('long doubles with up to 17 decimals: 64 bits of mantissa', () => {
    const sum = (a: string, b: string) => {
      const [x, y] = [getFiniteLongDouble(a)!, getFiniteLongDouble(b)!];
      return x === 'infinite' || y === 'infinite' ? 'infinite' : formatLongDouble(addLongDoubles(x, y));
    };
    expect(sum('0.1', '0.2')).toBe('0.3');
    expect(sum('10.5', '-10.5')).toBe('0');
    expect(sum('1e19', '0.3')).toBe('10000000000000000000');
    expect(sum('3.0e3', '200')).toBe('3200');
    expect(sum('1e20', '1')).toBe('100000000000000000000');
    expect(sum('inf', '1')).toBe('infinite');
  });
});
