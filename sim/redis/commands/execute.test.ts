import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { CLIENT_MASTER } from '../networking/client.ts';
import { REPL_STATE_CONNECTED } from '../server.ts';

const READONLY = "-READONLY You can't write against a read only replica.";
const MASTERDOWN = "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
const NOREPLICAS = '-NOREPLICAS Not enough good replicas to write.';

function replica(config: Record<string, readonly string[]> = {}): { lab: Lab; fd: number } {
  const lab = new Lab({ replicaof: ['10.0.0.9 6379'], ...config });
  return { lab, fd: lab.connect() };
}

describe('a command is refused', () => {
  test('where no such command exists, quoting at most 128 bytes of arguments', () => {
    const lab = new Lab();
    const fd = lab.connect();
    expect(lab.run(fd, 'nosuch a b')).toBe(
      '-ERR unknown command `nosuch`, with args beginning with: `a`, `b`, ',
    );
    const long = lab.run(fd, ['nosuch', 'x'.repeat(500), 'y']);
    expect(long).toBe(`-ERR unknown command \`nosuch\`, with args beginning with: \`${'x'.repeat(128)}\`, `);
  });

  test('with the wrong number of arguments', () => {
    const lab = new Lab();
    expect(lab.run(lab.connect(), 'GET')).toBe("-ERR wrong number of arguments for 'get' command");
  });

  test('before AUTH where a password is required, unknown ones before that', () => {
    const lab = new Lab({ requirepass: ['secret'] });
    const fd = lab.connect();
    expect(lab.run(fd, 'PING')).toBe('-NOAUTH Authentication required.');
    expect(lab.run(fd, 'NOSUCH')).toMatch(/^-ERR unknown command/);
    expect(lab.run(fd, 'AUTH secret')).toBe('+OK');
    expect(lab.run(fd, 'PING')).toBe('+PONG');
  });

  test('on a master whose last background save failed: writes and PING, only where saves are configured', () => {
    const lab = new Lab({ save: ['900 1'] });
    const fd = lab.connect();
    lab.server.lastbgsaveStatus = false;
    expect(lab.run(fd, 'SET k v')).toMatch(/^-MISCONF /);
    expect(lab.run(fd, 'PING')).toMatch(/^-MISCONF /);
    expect(lab.run(fd, 'GET k')).toBe('$-1');
    lab.run(fd, ['CONFIG', 'SET', 'save', '']);
    expect(lab.run(fd, 'SET k v')).toBe('+OK');
  });

  test('as a write with too few good replicas; scripts and EXEC itself are not writes', () => {
    const lab = new Lab({ 'min-replicas-to-write': ['1'] });
    const fd = lab.connect();
    expect(lab.run(fd, 'SET k v')).toBe(NOREPLICAS);
    expect(lab.run(fd, ['EVAL', "return redis.call('set','k','v')", '0'])).toBe('+OK');
    expect(lab.runAll(fd, ['MULTI', 'SET k w', 'EXEC'])).toBe(
      `+OK\r\n${NOREPLICAS}\r\n-EXECABORT Transaction discarded because of previous errors.`,
    );
    lab.run(fd, 'CONFIG SET min-slaves-max-lag 0');
    expect(lab.run(fd, 'SET k v')).toBe('+OK');
  });

  test('as a write on a read-only replica, which does not spoil a MULTI', () => {
    const { lab, fd } = replica();
    expect(lab.run(fd, 'SET k v')).toBe(READONLY);
    expect(lab.runAll(fd, ['MULTI', 'SET k v', 'PING', 'EXEC'])).toBe(
      `+OK\r\n${READONLY}\r\n+QUEUED\r\n*1\r\n+PONG`,
    );
    lab.run(fd, 'CONFIG SET slave-read-only no');
    expect(lab.run(fd, 'SET k v')).toBe('+OK');
  });

  test('as a write of a transaction begun when the server was a master', () => {
    const lab = new Lab();
    const [fd, operator] = [lab.connect(), lab.connect()];
    lab.runAll(fd!, ['MULTI', 'SET k v']);
    lab.run(operator!, 'REPLICAOF 10.0.0.9 6379');
    expect(lab.run(fd!, 'EXEC')).toBe(
      '-ERR Transaction contains write commands but instance is now a read-only slave. EXEC aborted.',
    );
  });

  test('to a subscriber, except for subscriptions and PING', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.run(fd, 'SUBSCRIBE c');
    expect(lab.run(fd, 'GET k')).toBe(
      '-ERR only (P)SUBSCRIBE / (P)UNSUBSCRIBE / PING / QUIT allowed in this context',
    );
    expect(lab.run(fd, 'PING')).toBe('*2\r\n$4\r\npong\r\n$0\r\n');
  });

  test('on a replica without its master that may not serve stale data, unless it is marked stale', () => {
    const { lab, fd } = replica({ 'replica-serve-stale-data': ['no'] });
    expect(lab.run(fd, 'GET k')).toBe(MASTERDOWN);
    expect(lab.run(fd, 'PING')).toBe('+PONG');
    expect(lab.run(fd, 'SET k v')).toBe(READONLY);
    lab.server.replState = REPL_STATE_CONNECTED;
    expect(lab.run(fd, 'GET k')).toBe('$-1');
  });

  test('while loading, unless it is marked so', () => {
    const lab = new Lab();
    const fd = lab.connect();
    lab.server.loading = true;
    expect(lab.run(fd, 'GET k')).toBe('-LOADING Redis is loading the dataset in memory');
    expect(lab.run(fd, 'SELECT 1')).toBe('+OK');
    expect(lab.run(fd, 'CONFIG SET hz 5')).toBe('-ERR Only CONFIG GET is allowed during loading');
  });
});

describe('the master of a replica', () => {
  test('is exempt from READONLY, and gets no replies', () => {
    const { lab, fd } = replica();
    lab.server.clients[lab.server.clientOfFd[fd]!]!.flags |= CLIENT_MASTER;
    expect(lab.run(fd, 'SET k v')).toBe('');
    expect(lab.run(lab.connect(), 'GET k')).toBe('$1\r\nv');
  });
});

describe('QUIT', () => {
  test('is answered, and what follows it is not', () => {
    const lab = new Lab();
    const fd = lab.connect();
    expect(lab.runAll(fd, ['QUIT', 'PING'])).toBe('+OK');
    expect(lab.system.closed.has(fd)).toBe(true);
  });
});

describe('a client that is gone', () => {
  test('neither watches, nor waits, nor listens any longer', () => {
    const lab = new Lab();
    const [watching, waiting, listening, other] = [
      lab.connect(),
      lab.connect(),
      lab.connect(),
      lab.connect(),
    ];
    lab.run(watching!, 'WATCH k');
    lab.run(waiting!, 'BLPOP l 0');
    lab.run(listening!, 'SUBSCRIBE c');
    lab.run(other!, 'CLIENT KILL TYPE normal');
    lab.run(other!, 'CLIENT KILL TYPE pubsub');
    expect(lab.server.watchingClients).toEqual([]);
    expect(lab.server.blockingKeys).toEqual({});
    expect(lab.server.pubsubClients).toEqual([]);
    expect(lab.runAll(lab.connect(), ['SET k v', 'RPUSH l a', 'PUBLISH c m'])).toBe('+OK\r\n:1\r\n:0');
  });
});

describe('the offset WAIT waits for', () => {
  test('is that after the client’s last command', () => {
    const lab = new Lab().withBacklog();
    const fd = lab.connect();
    lab.run(fd, 'SET k v');
    const c = lab.server.clients[lab.server.clientOfFd[fd]!]!;
    expect(c.woff).toBe(lab.server.masterReplOffset);
    lab.run(lab.connect(), 'SET k w');
    expect(c.woff).toBeLessThan(lab.server.masterReplOffset);
    lab.run(fd, 'PING');
    expect(c.woff).toBe(lab.server.masterReplOffset);
  });
});
