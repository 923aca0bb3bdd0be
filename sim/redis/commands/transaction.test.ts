import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { redis70 } from '../profile.ts';

describe('MULTI', () => {
  test('queues, EXEC runs all of it and answers all of it', () => {
    const lab = new Lab();
    const fd = lab.connect();
    expect(lab.runAll(fd, ['MULTI', 'SET k 1', 'INCR k', 'EXEC'])).toBe(
      '+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n:2',
    );
    expect(lab.run(fd, 'EXEC')).toBe('-ERR EXEC without MULTI');
  });

  test('cannot be nested, DISCARD needs one, WATCH may not stand in it', () => {
    const lab = new Lab();
    const fd = lab.connect();
    expect(lab.run(fd, 'DISCARD')).toBe('-ERR DISCARD without MULTI');
    lab.run(fd, 'MULTI');
    expect(lab.run(fd, 'MULTI')).toBe('-ERR MULTI calls can not be nested');
    expect(lab.run(fd, 'WATCH k')).toBe('-ERR WATCH inside MULTI is not allowed');
    expect(lab.run(fd, 'EXEC')).toBe('*0');
  });

  test('fails as a whole after an unknown command or wrong arguments', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.runAll(fd, ['MULTI', 'SET k', 'SET k v']);
    expect(lab.run(fd, 'EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.');
    expect(lab.run(fd, 'GET k')).toBe('$-1');
  });

  test('does not take PSYNC in 7.0, and SYNC, SAVE and SHUTDOWN neither', () => {
    for (const command of ['PSYNC ? -1', 'SYNC', 'SAVE', 'SHUTDOWN']) {
      const lab = new Lab({}, redis70);
      const fd = lab.connect();
      lab.run(fd, 'MULTI');
      expect(lab.run(fd, command)).toBe('-ERR Command not allowed inside a transaction');
      expect(lab.run(fd, 'EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.');
    }
  });

  test('of 5.0 is left open in the stream by a SAVE in it, which sets the count of changes back', () => {
    const stream = (...queued: readonly string[]): string[] => {
      const lab = new Lab().withBacklog();
      const fd = lab.connect();
      lab.runAll(fd, ['SET a 1', 'SET a 2']);
      lab.stream();
      lab.runAll(fd, ['MULTI', 'INCR k', ...queued, 'EXEC']);
      lab.resume();
      return lab.stream();
    };
    expect(stream('SAVE', 'GET k')).toEqual(['MULTI', 'INCR k']);
    expect(stream('SAVE', 'INCR k', 'INCR k')).toEqual(['MULTI', 'INCR k', 'INCR k', 'INCR k', 'EXEC']);
    expect(stream('GET k')).toEqual(['MULTI', 'INCR k', 'EXEC']);
  });

  test('goes on after a command that fails when it runs', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.runAll(fd, ['SET k v', 'MULTI', 'INCR k', 'SET k w']);
    expect(lab.run(fd, 'EXEC')).toBe('*2\r\n-ERR value is not an integer or out of range\r\n+OK');
  });
});

describe('WATCH', () => {
  test.each([
    ['SET k x', '*-1'],
    ['DEL k', '*-1'],
    ['EXPIRE k 100', '*-1'],
    ['FLUSHALL', '*-1'],
    ['SET other x', '*1\r\n+OK'],
    ['GET k', '*1\r\n+OK'],
  ])('and another client’s %s: EXEC answers %j', (command, reply) => {
    const lab = new Lab();
    const [watching, other] = [lab.connect(), lab.connect()];
    lab.runAll(watching!, ['SET k v', 'WATCH k', 'MULTI', 'SET k w']);
    lab.run(other!, command);
    expect(lab.run(watching!, 'EXEC')).toBe(reply);
    expect(lab.server.watchingClients).toEqual([]);
  });

  test('holds for its own database alone, and UNWATCH ends it', () => {
    const lab = new Lab();
    const [watching, other] = [lab.connect(), lab.connect()];
    lab.runAll(watching!, ['SET k v', 'WATCH k']);
    lab.runAll(other!, ['SELECT 1', 'SET k x']);
    expect(lab.runAll(watching!, ['MULTI', 'EXEC'])).toBe('+OK\r\n*0');
    lab.run(watching!, 'WATCH k');
    lab.runAll(other!, ['SELECT 0', 'SET k x']);
    expect(lab.runAll(watching!, ['UNWATCH', 'MULTI', 'EXEC'])).toBe('+OK\r\n+OK\r\n*0');
  });

  test('fails by a FLUSHDB of its own database alone, and only if the key was there', () => {
    const lab = new Lab();
    const [watching, other] = [lab.connect(), lab.connect()];
    lab.runAll(watching!, ['SET k v', 'WATCH k none', 'MULTI']);
    lab.runAll(other!, ['SELECT 1', 'FLUSHDB']);
    expect(lab.run(watching!, 'EXEC')).toBe('*0');
    lab.runAll(watching!, ['WATCH k', 'MULTI']);
    lab.runAll(other!, ['SELECT 0', 'FLUSHDB']);
    expect(lab.run(watching!, 'EXEC')).toBe('*-1');
    lab.runAll(watching!, ['WATCH k', 'MULTI']);
    lab.run(other!, 'FLUSHDB');
    expect(lab.run(watching!, 'EXEC')).toBe('*0');
  });
});

describe('EXEC with a command that blocks the process', () => {
  const commands = ['MULTI', 'SET k 1', 'DEBUG SLEEP 5', 'INCR k', 'EXEC'];

  test('goes on where it stopped when the block ends, and EXEC is propagated once, last', () => {
    const lab = new Lab().withBacklog();
    const fd = lab.connect();
    lab.runAll(fd, commands);
    expect(lab.stream()).toEqual(['SELECT 0', 'MULTI', 'SET k 1']);
    expect(lab.server.suspendedExec).not.toBeNull();
    lab.resume();
    expect(lab.server.suspendedExec).toBeNull();
    expect(lab.stream()).toEqual(['INCR k', 'EXEC']);
    expect(lab.output(fd)).toBe('+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n+OK\r\n:2');
    expect(lab.server.fixedTimeExpire).toBe(0);
  });

  test('leaves no open transaction behind', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.runAll(fd, commands);
    lab.resume();
    expect(lab.run(fd, 'GET k')).toBe('$1\r\n2');
  });

  test('knows that the process was a master when it began', () => {
    const lab = new Lab().withBacklog();
    const fd = lab.connect();
    lab.runAll(fd, ['MULTI', 'SET k 1', 'DEBUG SLEEP 1', 'REPLICAOF 10.0.0.9 6379', 'EXEC']);
    lab.resume();
    expect(lab.stream()).toEqual(['SELECT 0', 'MULTI', 'SET k 1', 'EXEC']);
  });
});
