import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';

/** What one client's commands put into the stream of a master in database 0, after the first SELECT. */
function streamOf(commands: readonly string[], setup: readonly string[] = []): string[] {
  const lab = new Lab().withBacklog();
  const fd = lab.connect();
  for (const command of ['SET first 1', ...setup]) lab.run(fd, command);
  lab.stream();
  for (const command of commands) lab.run(fd, command);
  return lab.stream();
}

describe('a command enters the stream', () => {
  test('with the exact bytes of RESP, after a SELECT of its database', () => {
    const lab = new Lab().withBacklog();
    lab.run(lab.connect(), 'set k v');
    expect(lab.streamBytes()).toBe(
      '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1\r\nv\r\n',
    );
    expect(lab.server.masterReplOffset).toBe(50);
  });

  test('not at all while there is no backlog', () => {
    const lab = new Lab();
    lab.run(lab.connect(), 'SET k v');
    expect(lab.server.masterReplOffset).toBe(0);
  });

  test.each([
    ['SET k v'],
    ['SET k v EX 10'],
    ['SET k v px 10 nx'],
    ['SETEX k 10 v'],
    ['PSETEX k 10 v'],
    ['SETNX k v'],
    ['MSET a 1 b 2'],
    ['GETSET k v'],
    ['INCR n'],
    ['DECRBY n 5'],
    ['APPEND k v'],
    ['LPUSH l a b'],
    ['SADD s a'],
    ['HSET h f v'],
    ['PUBLISH c m'],
    ['SCRIPT FLUSH'],
    ['SCRIPT LOAD return(1)'.replace('return(1)', 'return')],
    ['FLUSHALL'],
    ['unlink first'],
    ['FLUSHDB'],
  ])('verbatim: %s', (command) => {
    expect(streamOf([command])).toEqual([command]);
  });

  test.each([
    ['GET first'],
    ['DEL missing'],
    ['SETNX first 2'],
    ['SET first 2 NX'],
    ['EXPIRE missing 10'],
    ['PERSIST first'],
    ['SREM missing a'],
    ['LPOP missing'],
    ['CONFIG GET *'],
    ['WAIT 0 0'],
    ['SUBSCRIBE c'],
    ['INCR notanumber', ['SET notanumber x']],
    ['SADD s a', ['SADD s a']],
    ['FLUSHDB', ['FLUSHALL']],
    ['MULTI'],
  ] as [string, string[]?][])('not where it changes nothing: %s', (command, setup = []) => {
    expect(streamOf([command], setup)).toEqual([]);
  });

  test.each([
    ['EXPIRE first 100', 'EXPIRE first 100'],
    ['PEXPIRE first 100', 'PEXPIRE first 100'],
    ['EXPIRE first -1', 'DEL first'],
    ['PEXPIREAT first 1', 'DEL first'],
  ])('%s as %s', (command, propagated) => {
    expect(streamOf([command])).toEqual([propagated]);
  });

  test('UNLINK, where lazyfree-lazy-expire is on, for an EXPIRE in the past', () => {
    const lab = new Lab({ 'lazyfree-lazy-expire': ['yes'] }).withBacklog();
    const fd = lab.connect();
    lab.runAll(fd, ['SET k v', 'EXPIRE k 0']);
    expect(lab.stream()).toEqual(['SELECT 0', 'SET k v', 'UNLINK k']);
  });

  test('SPOP as SREM of the member drawn, as DEL when a count empties the set', () => {
    expect(streamOf(['SPOP s'], ['SADD s a'])).toEqual(['SREM s a']);
    expect(streamOf(['SPOP s 5'], ['SADD s a b'])).toEqual(['DEL s']);
  });

  test('SPOP with a count as one SREM for each member, not wrapped', () => {
    const stream = streamOf(['SPOP s 2'], ['SADD s a b c d']);
    expect(stream).toHaveLength(2);
    for (const command of stream) expect(command).toMatch(/^SREM s [abcd]$/);
    expect(new Set(stream).size).toBe(2);
  });

  test('BLPOP and BRPOP that find an item as LPOP and RPOP', () => {
    expect(streamOf(['BLPOP l 0'], ['RPUSH l a b'])).toEqual(['LPOP l']);
    expect(streamOf(['BRPOP x l 0'], ['RPUSH l a b'])).toEqual(['RPOP l']);
    expect(streamOf(['BRPOPLPUSH l m 0'], ['RPUSH l a b'])).toEqual(['RPOPLPUSH l m']);
  });

  test('SELECT first where the database changes', () => {
    expect(streamOf(['SELECT 3', 'SET k v', 'SELECT 0', 'SET k v'])).toEqual([
      'SELECT 3',
      'SET k v',
      'SELECT 0',
      'SET k v',
    ]);
  });
});

describe('a transaction enters the stream', () => {
  test('between MULTI and EXEC, also with one write, EXEC as the client spelled it', () => {
    expect(streamOf(['MULTI', 'SET k v', 'exec'])).toEqual(['MULTI', 'SET k v', 'exec']);
    expect(streamOf(['MULTI', 'GET k', 'SET k v', 'INCR n', 'EXEC'])).toEqual([
      'MULTI',
      'SET k v',
      'INCR n',
      'EXEC',
    ]);
  });

  test('even without a write if a command is neither read-only nor administrative', () => {
    expect(streamOf(['MULTI', 'PING', 'EXEC'])).toEqual(['MULTI', 'EXEC']);
    expect(streamOf(['MULTI', 'GET k', 'CONFIG GET port', 'EXEC'])).toEqual([]);
    expect(streamOf(['MULTI', 'EXEC'])).toEqual([]);
  });

  test('not at all when it was discarded or failed', () => {
    expect(streamOf(['MULTI', 'SET k v', 'DISCARD'])).toEqual([]);
    expect(streamOf(['MULTI', 'SET k v', 'NOSUCH', 'EXEC'])).toEqual([]);
  });

  test('with SELECT inside where the database changes inside', () => {
    expect(streamOf(['MULTI', 'SET k v', 'SELECT 2', 'SET k v', 'EXEC'])).toEqual([
      'MULTI',
      'SET k v',
      'SELECT 2',
      'SET k v',
      'EXEC',
    ]);
  });

  test('of a master that became a replica inside it: a bare EXEC ends what MULTI began', () => {
    const lab = new Lab().withBacklog();
    const fd = lab.connect();
    lab.run(fd, 'SET k v');
    lab.stream();
    lab.runAll(fd, ['MULTI', 'SET k w', 'REPLICAOF 10.0.0.9 6379', 'EXEC']);
    expect(lab.stream()).toEqual(['MULTI', 'SET k w', 'EXEC']);
  });

  test('of a writable replica’s own client not at all, no EXEC either', () => {
    const lab = new Lab({ replicaof: ['10.0.0.9 6379'], 'replica-read-only': ['no'] }).withBacklog();
    expect(lab.runAll(lab.connect(), ['MULTI', 'SET k v', 'EXEC'])).toContain('*1\r\n+OK');
    expect(lab.server.masterReplOffset).toBe(0);
  });

  test('of a master that became a replica by REPLICAOF alone: nothing, as REPLICAOF is administrative', () => {
    const lab = new Lab().withBacklog();
    const fd = lab.connect();
    lab.runAll(fd, ['MULTI', 'REPLICAOF 10.0.0.9 6379', 'EXEC']);
    expect(lab.server.masterhost).toBe('10.0.0.9');
    expect(lab.server.masterReplOffset).toBe(0);
  });
});

describe('a blocked client that is served', () => {
  test.each([
    ['BLPOP l 0', ['LPUSH l a', 'LPOP l'], '*2\r\n$1\r\nl\r\n$1\r\na'],
    ['BRPOP l 0', ['LPUSH l a', 'RPOP l'], '*2\r\n$1\r\nl\r\n$1\r\na'],
    ['BRPOPLPUSH l m 0', ['LPUSH l a', 'RPOP l', 'LPUSH m a'], '$1\r\na'],
  ])('%s puts what it took after the push', (command, stream, reply) => {
    const lab = new Lab().withBacklog();
    const waiting = lab.connect();
    const pushing = lab.connect();
    lab.run(waiting, command);
    expect(lab.run(pushing, 'LPUSH l a')).toBe(':1');
    expect(lab.output(waiting)).toBe(reply);
    expect(lab.stream()).toEqual(['SELECT 0', ...stream]);
    expect(lab.server.blockingKeys).toEqual({});
  });

  test('is the one that waited longest, and only as many are served as there are items', () => {
    const lab = new Lab();
    const [first, second, third] = [lab.connect(), lab.connect(), lab.connect()];
    lab.run(second!, 'BLPOP l 0');
    lab.run(first!, 'BLPOP l 0');
    lab.run(third!, 'RPUSH l a');
    expect(lab.output(second!)).toBe('*2\r\n$1\r\nl\r\n$1\r\na');
    expect(lab.output(first!)).toBe('');
    lab.run(third!, 'RPUSH l b');
    expect(lab.output(first!)).toBe('*2\r\n$1\r\nl\r\n$1\r\nb');
  });

  test('continues with what it had sent meanwhile', () => {
    const lab = new Lab();
    const [waiting, pushing] = [lab.connect(), lab.connect()];
    lab.runAll(waiting!, ['BLPOP l 0', 'PING']);
    expect(lab.output(waiting!)).toBe('');
    lab.run(pushing!, 'RPUSH l a');
    expect(lab.output(waiting!)).toBe('*2\r\n$1\r\nl\r\n$1\r\na\r\n+PONG');
  });

  test('is served after the whole transaction that pushed', () => {
    const lab = new Lab().withBacklog();
    const [waiting, pushing] = [lab.connect(), lab.connect()];
    lab.run(waiting!, 'BLPOP l 0');
    lab.runAll(pushing!, ['MULTI', 'RPUSH l a', 'SET k v', 'EXEC']);
    expect(lab.stream()).toEqual(['SELECT 0', 'MULTI', 'RPUSH l a', 'SET k v', 'EXEC', 'LPOP l']);
  });

  test('that waits too long gets a nil array', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.run(fd, 'BLPOP l 1');
    lab.wait(1200);
    for (let i = 0; i < 3; i++) lab.tick();
    expect(lab.output(fd)).toBe('*-1');
  });
});
