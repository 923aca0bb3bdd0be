import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { sha1hex } from './sha1.ts';

const SET = "return redis.call('set', KEYS[1], ARGV[1])";

function master(config: Record<string, readonly string[]> = {}): { lab: Lab; fd: number } {
  const lab = new Lab(config).withBacklog();
  const fd = lab.connect();
  lab.run(fd, 'SET first 1');
  lab.stream();
  return { lab, fd };
}

test('SHA-1 of the standard’s own examples', () => {
  expect(sha1hex('')).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  expect(sha1hex('abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(sha1hex('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
  );
  expect(sha1hex('a'.repeat(1000))).toBe('291e9a6c66994949b57ba5e650361e98fc36b1ba');
});

describe('a script’s effects are propagated', () => {
  test('between MULTI and EXEC, also with one write, without what changed nothing', () => {
    const { lab, fd } = master();
    expect(lab.run(fd, ['EVAL', SET, '1', 'k', 'v'])).toBe('+OK');
    expect(lab.stream()).toEqual(['MULTI', 'set k v', 'EXEC']);
    const script = "redis.call('get','k'); redis.call('incr','n')\nreturn redis.call('incr','n')";
    expect(lab.run(fd, ['EVAL', script, '0'])).toBe(':2');
    expect(lab.stream()).toEqual(['MULTI', 'incr n', 'incr n', 'EXEC']);
  });

  test('not at all where it only reads', () => {
    const { lab, fd } = master();
    expect(lab.run(fd, ['EVAL', "return redis.call('get', KEYS[1])", '1', 'first'])).toBe('$1\r\n1');
    expect(lab.stream()).toEqual([]);
  });

  test('as an empty MULTI and EXEC where its write changed nothing', () => {
    const { lab, fd } = master();
    lab.run(fd, ['EVAL', "return redis.call('del', 'missing')", '0']);
    expect(lab.stream()).toEqual(['MULTI', 'EXEC']);
  });

  test('without a MULTI of its own inside a transaction', () => {
    const { lab, fd } = master();
    lab.runAll(fd, ['MULTI', ['EVAL', SET, '1', 'k', 'v'], 'EXEC']);
    expect(lab.stream()).toEqual(['MULTI', 'set k v', 'EXEC']);
  });

  test('up to the command that failed', () => {
    const { lab, fd } = master();
    const script = "redis.call('set','k','v'); redis.call('lpush','k','x'); redis.call('set','k','w')";
    expect(lab.run(fd, ['EVAL', script, '0'])).toBe(
      `-ERR Error running script (call to f_${sha1hex(script)}): @user_script:1: ` +
        'WRONGTYPE Operation against a key holding the wrong kind of value ',
    );
    expect(lab.stream()).toEqual(['MULTI', 'set k v', 'EXEC']);
  });
});

describe('with lua-replicate-commands no, a script is propagated', () => {
  const config = { 'lua-replicate-commands': ['no'] };

  test('verbatim, if it changed something', () => {
    const { lab, fd } = master(config);
    lab.run(fd, ['EVAL', SET, '1', 'k', 'v']);
    lab.run(fd, ['EVAL', "return redis.call('get','k')", '0']);
    expect(lab.stream()).toEqual([`EVAL ${SET} 1 k v`]);
  });

  test('by EVALSHA as EVAL the first time, as EVALSHA from then on, as EVAL again once the cache is gone', () => {
    const { lab, fd } = master(config);
    const sha = lab.run(fd, ['SCRIPT', 'LOAD', SET]).slice(5);
    expect(sha).toBe(sha1hex(SET));
    const evalsha = `EVALSHA ${sha} 1 k v`;
    lab.stream();
    const upper = `EVALSHA ${sha.toUpperCase()} 1 k v`;
    lab.runAll(fd, [evalsha, evalsha, upper]);
    expect(lab.stream()).toEqual([`EVAL ${SET} 1 k v`, evalsha, upper]);
    lab.server.replScriptcacheFifo = [];
    lab.run(fd, evalsha);
    expect(lab.stream()).toEqual([`EVAL ${SET} 1 k v`]);
  });

  test('by EVALSHA as SCRIPT LOAD the first time where it changed nothing', () => {
    const { lab, fd } = master(config);
    const script = "return redis.call('get','k')";
    lab.run(fd, ['SCRIPT', 'LOAD', script]);
    lab.stream();
    lab.runAll(fd, [`EVALSHA ${sha1hex(script)} 0`, `EVALSHA ${sha1hex(script)} 0`]);
    expect(lab.stream()).toEqual([`SCRIPT LOAD ${script}`]);
  });

  test('not to write after a random command, unless it asks for its effects to be replicated', () => {
    const { lab, fd } = master(config);
    const script = "redis.call('time'); return redis.call('set','k','v')";
    expect(lab.run(fd, ['EVAL', script, '0'])).toContain(
      'Write commands not allowed after non deterministic',
    );
    expect(lab.run(fd, ['EVAL', `redis.replicate_commands()\n${script}`, '0'])).toBe('+OK');
    expect(lab.stream()).toEqual(['MULTI', 'set k v', 'EXEC']);
  });
});

describe('a script', () => {
  test('on a read-only replica may read and not write', () => {
    const lab = new Lab({ replicaof: ['10.0.0.9 6379'] });
    const fd = lab.connect();
    expect(lab.run(fd, ['EVAL', SET, '1', 'k', 'v'])).toContain("READONLY You can't write");
    expect(lab.run(fd, ['EVAL', "return redis.call('get','k')", '0'])).toBe('$-1');
  });

  test('sees no key expire half-way', () => {
    const { lab, fd } = master();
    lab.run(fd, 'SET k v PX 10');
    lab.wait(20);
    lab.run(fd, ['EVAL', "redis.call('set','k','w'); return redis.call('get','k')", '0']);
    expect(lab.stream()).toEqual(['SET k v PX 10', 'MULTI', 'DEL k', 'set k w', 'EXEC']);
  });

  test('is known by its digest after EVAL and SCRIPT LOAD, until SCRIPT FLUSH', () => {
    const { lab, fd } = master();
    const evalsha = `EVALSHA ${sha1hex(SET).toUpperCase()} 1 k v`;
    expect(lab.run(fd, evalsha)).toBe('-NOSCRIPT No matching script. Please use EVAL.');
    lab.run(fd, ['EVAL', SET, '1', 'k', 'v']);
    expect(lab.run(fd, evalsha)).toBe('+OK');
    expect(lab.run(fd, `SCRIPT EXISTS ${sha1hex(SET)} ffff`)).toBe('*2\r\n:1\r\n:0');
    lab.run(fd, 'SCRIPT FLUSH');
    expect(lab.run(fd, evalsha)).toBe('-NOSCRIPT No matching script. Please use EVAL.');
  });

  test.each([
    'if KEYS[1] then return 1 end',
    "local x = redis.call('get','k') return x",
    "return redis.call('get', 'k' .. 'l')",
    "redis.log(1, 'x')",
    "return redis.call('get', 'k'",
    "return 'open",
    '42',
  ])('of more than calls with simple arguments is refused: %s', (script) => {
    const { lab, fd } = master();
    expect(lab.run(fd, ['EVAL', script, '0'])).toMatch(
      /^-ERR Error compiling script \(new function\): user_script:1: .*psynclab runs only scripts/,
    );
    expect(lab.stream()).toEqual([]);
  });
});
