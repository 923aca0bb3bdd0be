import { describe, expect, test } from 'vitest';
import { Lab } from './fake-system.test-helper.ts';
import { Handshake } from './handshake.test-helper.ts';
import { Command, Text } from './networking/bytes.ts';
import { SLAVE_STATE_ONLINE } from './networking/client.ts';
import { freeClient } from './networking/networking.ts';
import { freeClientAsync } from './networking/output-buffer.ts';
import { type Profile, redis50, redis70 } from './profile.ts';
import { RdbFile } from './rdb/rdb-file.ts';
import { CorruptRdbError } from './rdb/received-rdb.ts';

/** What both versions do, Redis 5 first. */
function both<T>(run: (profile: Profile) => T): [T, T] {
  return [run(redis50), run(redis70)];
}

/** What a server that has just started answers to the last of these commands. */
function answers(...commands: (string | readonly string[])[]): [string, string] {
  return both((profile) => {
    const lab = new Lab({ save: [''] }, profile);
    const fd = lab.connect();
    return commands.map((command) => lab.run(fd, command)).at(-1)!;
  });
}

describe('replies', () => {
  test('to a subscriber that may not', () => {
    expect(answers('SUBSCRIBE news', 'GET k')).toEqual([
      '-ERR only (P)SUBSCRIBE / (P)UNSUBSCRIBE / PING / QUIT allowed in this context',
      "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this " +
        'context',
    ]);
    expect(answers('SUBSCRIBE news', 'SCRIPT EXISTS x')[1]).toMatch(
      /^-ERR Can't execute 'script\|exists': only/,
    );
    expect(answers('MULTI', 'SUBSCRIBE news', 'EXEC', 'EXEC')[1]).toMatch(
      /^-EXECABORT Transaction discarded because of: Can't execute 'exec': only/,
    );
  });

  test('to a time to live that is none', () => {
    expect(answers('SETEX k 0 v')).toEqual([
      '-ERR invalid expire time in setex',
      "-ERR invalid expire time in 'setex' command",
    ]);
  });

  test('to FLUSHALL SYNC', () => {
    expect(answers('FLUSHALL SYNC')).toEqual(['-ERR syntax error', '+OK']);
  });

  test('to PSYNC with a fourth argument', () => {
    const [five, seven] = answers(['PSYNC', 'x', '1', 'FAILOVER']);
    expect(five).toBe("-ERR wrong number of arguments for 'psync' command");
    expect(seven).toBe("-ERR PSYNC FAILOVER can't be sent to a master.");
  });
});

describe('saving', () => {
  test('scripts stand in the RDB, or not', () => {
    const scripts = both((profile) => {
      const lab = new Lab({ save: [''] }, profile).withBacklog();
      const fd = lab.connect();
      lab.run(fd, ['SCRIPT', 'LOAD', 'return 1']);
      lab.run(fd, 'SAVE');
      return lab.system.disk!.scripts.length;
    });
    expect(scripts).toEqual([1, 0]);
  });

  test('how the log calls a rewrite of the AOF that a replica has to wait for', () => {
    const said = both((profile) => {
      const lab = new Lab({ 'repl-diskless-sync': ['no'] }, profile);
      lab.run(lab.connect(), 'BGREWRITEAOF');
      lab.run(lab.connect(), 'PSYNC ? -1');
      return lab.system.logs.find((line) => line.includes('No BGSAVE in progress'));
    });
    expect(said).toEqual([
      'notice No BGSAVE in progress, but an AOF rewrite is active. BGSAVE for replication delayed',
      'notice No BGSAVE in progress, but another BG operation is active. BGSAVE for replication delayed',
    ]);
  });
});

describe('WAIT', () => {
  test('the first to wait goes on first, or the last', () => {
    const first = both((profile) => {
      const lab = new Lab({ 'repl-diskless-sync': ['no'] }, profile).withBacklog();
      const replica = lab.connect();
      lab.run(replica, 'PSYNC ? -1');
      lab.server.clients[lab.server.slaves[0]!]!.replstate = SLAVE_STATE_ONLINE;
      lab.server.child = null;
      const waiting = [lab.connect(), lab.connect()];
      for (const fd of waiting) lab.runAll(fd, ['SET k v', 'WAIT 1 0', 'INCR order']);
      lab.run(replica, `REPLCONF ACK ${lab.server.masterReplOffset}`);
      return waiting.map((fd) => lab.output(fd).split('\r\n').at(-1));
    });
    expect(first).toEqual([
      [':1', ':2'],
      [':2', ':1'],
    ]);
  });
});

describe('the link to the master', () => {
  test('an inline command is run, or ends it for good', () => {
    const ends = both((profile) => {
      const replica = new Handshake(profile).toConnected();
      expect(replica.state).toBe('CONNECTED');
      replica.receives(new Text('SET inline 1\r\n'));
      for (let i = 0; i < 15; i++) {
        replica.lab.wait(100);
        replica.lab.tick();
      }
      const { dbs, cachedMaster, master } = replica.lab.server;
      return [dbs[0]?.size ?? 0, cachedMaster !== null || master !== null];
    });
    expect(ends).toEqual([
      [1, true],
      [0, false],
    ]);
  });

  test('a newline is nothing in both', () => {
    const up = both((profile) => {
      const replica = new Handshake(profile).toConnected();
      replica.receives(new Text('\n'), new Command(['SET', 'k', 'v']));
      return [replica.state, replica.lab.server.dbs[0]!.size];
    });
    expect(up[0]).toEqual(['CONNECTED', 1]);
    expect(up[1]).toEqual(['CONNECTED', 1]);
  });

  test('a master that breaks off while it waits to be closed is not cached, or is', () => {
    const cached = both((profile) => {
      const replica = new Handshake(profile).toConnected();
      const { redis, server } = replica.lab;
      const master = server.clients[server.master!]!;
      freeClientAsync(redis, master);
      freeClient(redis, master);
      return server.cachedMaster !== null;
    });
    expect(cached).toEqual([false, true]);
  });

  test('commands that came together are passed on together, or each after it ran', () => {
    const sizes = both((profile) => {
      const replica = new Handshake(profile).toConnected();
      const { server } = replica.lab;
      const seen: number[] = [];
      let offset = server.masterReplOffset;
      Object.defineProperty(server, 'masterReplOffset', {
        get: () => offset,
        set: (value: number) => {
          seen.push(server.dbs[0]?.size ?? 0);
          offset = value;
        },
      });
      replica.receives(new Command(['SET', 'a', '1']), new Command(['SET', 'b', '2']));
      return seen;
    });
    expect(sizes).toEqual([
      [2, 2],
      [1, 2],
    ]);
  });

  test('so much of an RDB is taken by one read', () => {
    const taken = both((profile) => {
      const replica = new Handshake(profile).toFullResync();
      replica.hears('$100000');
      const pieces = Array.from({ length: 10 }, () => new Text('x'.repeat(4096)));
      replica.receives(...pieces);
      return replica.lab.server.replTransferRead;
    });
    expect(taken).toEqual([4096, 16384]);
  });

  test('an RDB with other bytes before it is refused, one with other bytes in it ends the process', () => {
    const contents = { dbs: {}, repl: null, scripts: [], rdbVersion: 9, redisVersion: '5.0.14', ctime: 0 };
    const rdb = new RdbFile(contents, 100);
    const newline = new Text('\n');
    const signature = 'warning Wrong signature trying to load DB from file';
    const logs = both((profile) => {
      const fooled = new Handshake(profile).toFullResync();
      fooled.hears('$101');
      fooled.receives(newline, rdb);
      expect(fooled.log).toContain(signature);
      const ended = new Handshake(profile).toFullResync();
      ended.hears('$101');
      expect(() => ended.receives(rdb.slice(0, 40), newline, rdb.slice(40, 100))).toThrow(CorruptRdbError);
      expect(ended.log).not.toContain(signature);
      return ended.log.at(-1);
    });
    expect(logs).toEqual([
      'warning Internal error in RDB reading function at rdb.c:2140 -> Unexpected EOF reading RDB file',
      'warning Terminating server after rdb file reading failure.',
    ]);
  });

  test('why an RDB could not be loaded is logged, or not', () => {
    const said = both((profile) => {
      const replica = new Handshake(profile).toFullResync();
      replica.hears('$10');
      replica.receives(new Text('not an RDB'));
      return replica.log.find((line) => line.includes('Failed trying to load'));
    });
    expect(said).toEqual([
      'warning Failed trying to load the MASTER synchronization DB from disk',
      'warning Failed trying to load the MASTER synchronization DB from disk: Invalid argument',
    ]);
  });
});
