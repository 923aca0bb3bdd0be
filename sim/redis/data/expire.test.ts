import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { CLIENT_MASTER } from '../networking/client.ts';

/** A master with a backlog, `k` expired one millisecond ago, and nothing in the stream. */
function expired(): { lab: Lab; fd: number } {
  const lab = new Lab().withBacklog();
  const fd = lab.connect();
  lab.run(fd, 'SET k 5 PX 100');
  lab.stream();
  lab.wait(101);
  return { lab, fd };
}

describe('a key', () => {
  test('is there up to and with its last millisecond', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.run(fd, 'SET k v PX 100');
    lab.wait(100);
    expect(lab.run(fd, 'GET k')).toBe('$1\r\nv');
    lab.wait(1);
    expect(lab.run(fd, 'GET k')).toBe('$-1');
  });

  test('keeps its time to live through INCR and APPEND, loses it by SET, GETSET and PERSIST', () => {
    const lab = new Lab();
    const fd = lab.connect();
    for (const [command, ttl] of [
      ['INCR k', ':100'],
      ['APPEND k 1', ':100'],
      ['SET k 1', ':-1'],
      ['GETSET k 1', ':-1'],
      ['PERSIST k', ':-1'],
    ]) {
      lab.runAll(fd, ['SET k 1 EX 100', command!]);
      expect(lab.run(fd, 'TTL k')).toBe(ttl);
    }
  });

  test('is told by TTL rounded to the second, by PTTL to the millisecond', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.run(fd, 'SET k 1 PX 1500');
    expect(lab.run(fd, 'TTL k')).toBe(':2');
    lab.wait(1);
    expect(lab.run(fd, 'TTL k')).toBe(':1');
    expect(lab.run(fd, 'PTTL k')).toBe(':1499');
    expect(lab.run(fd, 'TTL none')).toBe(':-2');
  });
});

describe('on a master, an expired key', () => {
  test.each([
    ['GET k', ['DEL k'], '$-1'],
    ['EXISTS k k', ['DEL k'], ':0'],
    ['INCR k', ['DEL k', 'INCR k'], ':1'],
    ['SET k v', ['DEL k', 'SET k v'], '+OK'],
    ['DEL k', ['DEL k'], ':0'],
    ['EXPIRE k 100', ['DEL k'], ':0'],
    ['LPUSH k a', ['DEL k', 'LPUSH k a'], ':1'],
    ['DBSIZE', [], ':1'],
    ['KEYS *', [], '*0'],
  ])('leaves before the command that touches it: %s', (command, stream, reply) => {
    const { lab, fd } = expired();
    expect(lab.run(fd, command)).toBe(reply);
    expect(lab.stream()).toEqual(stream);
  });

  test('leaves as a bare DEL each, also where one command touches two, before MULTI inside EXEC', () => {
    const { lab, fd } = expired();
    lab.run(fd, 'SET l 1 PX 1');
    lab.stream();
    lab.wait(2);
    lab.run(fd, 'MGET k l');
    expect(lab.stream()).toEqual(['DEL k', 'DEL l']);
  });

  test('inside a transaction leaves between MULTI and the command', () => {
    const { lab, fd } = expired();
    lab.runAll(fd, ['MULTI', 'INCR k', 'EXEC']);
    expect(lab.stream()).toEqual(['MULTI', 'DEL k', 'INCR k', 'EXEC']);
  });

  test('is found by the timer, in its own database, earliest first', () => {
    const lab = new Lab().withBacklog();
    const fd = lab.connect();
    lab.runAll(fd, ['SET b 1 PX 50', 'SET a 1 PX 60', 'SET c 1 PX 500', 'SELECT 2', 'SET d 1 PX 1']);
    lab.stream();
    lab.wait(100);
    lab.tick();
    expect(lab.stream()).toEqual(['SELECT 0', 'DEL b', 'DEL a', 'SELECT 2', 'DEL d']);
    expect(lab.server.statExpiredkeys).toBe(3);
  });

  test('is left alone by the timer while clients are paused or active expiry is off', () => {
    const { lab, fd } = expired();
    lab.run(fd, 'DEBUG SET-ACTIVE-EXPIRE 0');
    lab.tick();
    expect(lab.stream()).toEqual([]);
    lab.runAll(fd, ['DEBUG SET-ACTIVE-EXPIRE 1', 'CLIENT PAUSE 1000']);
    lab.tick();
    expect(lab.stream()).toEqual([]);
  });

  test('leaves as UNLINK where lazyfree-lazy-expire is on', () => {
    const { lab, fd } = expired();
    lab.run(fd, 'CONFIG SET lazyfree-lazy-expire yes');
    lab.run(fd, 'GET k');
    expect(lab.stream()).toEqual(['UNLINK k']);
  });
});

describe('on a replica, an expired key', () => {
  function becameReplica(): { lab: Lab; fd: number } {
    const { lab, fd } = expired();
    lab.run(fd, 'REPLICAOF 10.0.0.9 6379');
    return { lab, fd };
  }

  test('stays, hidden from readers', () => {
    const { lab, fd } = becameReplica();
    expect(lab.run(fd, 'GET k')).toBe('$-1');
    expect(lab.run(fd, 'DBSIZE')).toBe(':1');
    lab.tick();
    expect(lab.run(fd, 'DBSIZE')).toBe(':1');
  });

  test('is seen by a write of a client, and by the master', () => {
    const { lab, fd } = becameReplica();
    lab.run(fd, 'CONFIG SET slave-read-only no');
    expect(lab.run(fd, 'INCR k')).toBe(':6');
    const master = lab.connect();
    const c = lab.server.clients[lab.server.clientOfFd[master]!]!;
    c.flags |= CLIENT_MASTER;
    lab.server.master = c.id;
    lab.run(master, 'INCR k');
    lab.run(master, 'PERSIST k');
    lab.server.master = null;
    expect(lab.run(fd, 'GET k')).toBe('$1\r\n7');
  });

  test('with an EXPIRE in the past from its master waits for the DEL', () => {
    const { lab, fd } = becameReplica();
    const master = lab.connect();
    lab.server.clients[lab.server.clientOfFd[master]!]!.flags |= CLIENT_MASTER;
    lab.run(master, 'SET p v');
    lab.run(master, 'EXPIRE p -1');
    expect(lab.run(fd, 'GET p')).toBe('$-1');
    expect(lab.run(fd, 'DBSIZE')).toBe(':2');
  });
});

describe('a writable replica', () => {
  test('lets go of what its own clients let expire, without a word to anybody', () => {
    const lab = new Lab({ replicaof: ['10.0.0.9 6379'], 'replica-read-only': ['no'] });
    const fd = lab.connect();
    lab.runAll(fd, ['SET k v PX 10', 'SET stays v']);
    lab.wait(20);
    lab.tick();
    expect(lab.run(fd, 'DBSIZE')).toBe(':1');
    expect(lab.server.slaveKeysWithExpire).toEqual({});
  });
});
