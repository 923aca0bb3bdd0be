import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { type Profile, redis50, redis70 } from '../profile.ts';

/** The size of the file that SAVE makes of what these commands did. */
function savedBytes(profile: Profile, commands: readonly string[]): number {
  const lab = new Lab({ save: [''] }, profile);
  const client = lab.connect();
  for (const command of commands) lab.run(client, command);
  lab.run(client, 'SAVE');
  return lab.system.disk!.length;
}

/**
 * What redis-server 5.0.14 and 7.0.15 made of the same commands with `rdbcompression no`. The ends of the ranges in
 * which a number or a string takes so many bytes stand in the lists.
 */
const MEASURED: readonly (readonly [string, readonly string[], number, number])[] = [
  ['nothing', [], 93, 89],
  ['a string', ['SET k v'], 103, 99],
  [
    'strings, integers, a time to live',
    ['SET a 1', 'SET b 12345', 'SET c 1234567890123', 'SET d helloworld', 'SETEX e 1000 x'],
    154,
    150,
  ],
  [
    'a list of numbers',
    [`RPUSH l a b c 1 12 13 127 128 4095 4096 -1 -4096 -4097 32768 8388608 2147483648 ${'x'.repeat(63)}`],
    243,
    231,
  ],
  [
    'a list of texts',
    [`RPUSH l ${'x'.repeat(64)} ${'x'.repeat(126)} ${'x'.repeat(130)} ${'x'.repeat(5000)}`],
    5447,
    5446,
  ],
  ['sets of integers', ['SADD s 1 2 3', 'SADD t 1 70000', 'SADD u 5000000000'], 156, 152],
  ['a set of texts', ['SADD s a 1 bb'], 109, 105],
  [
    'hashes, one too long for a ziplist',
    ['HSET h f v g 12 i 100000', `HSET h2 f ${'y'.repeat(65)}`],
    206,
    198,
  ],
  ['a hash of long values', [`HSET h a ${'y'.repeat(63)} b ${'y'.repeat(64)} c 99999999999`], 265, 257],
  ['two databases', ['SET k v', 'SELECT 3', 'SET k v'], 113, 109],
];

describe('an RDB file is as long as that of a real server', () => {
  test.each(MEASURED)('%s', (_name, commands, in5, in7) => {
    expect([savedBytes(redis50, commands), savedBytes(redis70, commands)]).toEqual([in5, in7]);
  });
});
