import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { redis70 } from '../profile.ts';
import { directiveNames, lookupDirective, memtoll } from './config-table.ts';

/** One parameter's value by CONFIG GET. */
function get(lab: Lab, name: string): string | undefined {
  return lab.run(lab.connect(), ['CONFIG', 'GET', name]).split('\r\n')[4];
}

function set(lab: Lab, name: string, value: string): string {
  return lab.run(lab.connect(), ['CONFIG', 'SET', name, value]);
}

test.each([
  ['100', 100],
  ['1k', 1000],
  ['1kb', 1024],
  ['16KB', 16384],
  ['2m', 2_000_000],
  ['1mb', 1048576],
  ['1gb', 1073741824],
  ['7b', 7],
  ['1.5mb', undefined],
  ['1tb', undefined],
  ['', 0],
  ['kb', 0],
  ['-', undefined],
])('a size of %j is %j bytes', (text, bytes) => {
  expect(memtoll(text)).toBe(bytes);
});

describe('a directive', () => {
  test('is found under its old and its new name, in any case', () => {
    expect(lookupDirective('slave-read-only', 'redis-5.0')).toBe(
      lookupDirective('REPLICA-READ-ONLY', 'redis-5.0'),
    );
    expect(lookupDirective('slave-read-only', 'redis-5.0')?.name).toBe('replica-read-only');
    expect(lookupDirective('io-threads', 'redis-5.0')).toBeUndefined();
    expect(lookupDirective('constructor', 'redis-5.0')).toBeUndefined();
    expect(directiveNames('redis-5.0')).toContain('repl-ping-slave-period');
  });

  test.each([
    ['repl-timeout', '0', /1 or greater/],
    ['repl-timeout', 'soon', /integer/],
    ['repl-backlog-size', '0', /1 or greater/],
    ['repl-backlog-size', '1tb', /size/],
    ['repl-diskless-sync', 'maybe', /'yes' or 'no'/],
    ['port', '70000', /between 0 and 65535/],
    ['save', '900', /seconds and changes/],
    ['client-output-buffer-limit', 'foo 1 1 1', /class/],
    ['appendfsync', 'rarely', /everysec, always, no/],
    ['dbfilename', 'a/b', /filename/],
  ])('%s says what is wrong with %j', (name, value, problem) => {
    expect(lookupDirective(name, 'redis-5.0')!.check(value.split(' '))).toMatch(problem);
  });

  test('has a default that it would itself accept', () => {
    for (const name of directiveNames('redis-5.0')) {
      const directive = lookupDirective(name, 'redis-5.0')!;
      if (directive.default === '') continue;
      const words = directive.default.split(' ');
      expect([name, directive.parse(words)]).toEqual([name, directive.default]);
    }
  });
});

describe('a configuration file', () => {
  test('sets the server, whichever name it uses', () => {
    const { server } = new Lab({
      'slave-read-only': ['no'],
      'repl-timeout': ['7'],
      'repl-backlog-size': ['1mb'],
      'min-slaves-to-write': ['2'],
      save: ['900 1', '300 10'],
      'client-output-buffer-limit': ['replica 1mb 512kb 5', 'normal 10 0 0'],
      masterauth: ['two words'],
      replicaof: ['10.0.0.1 7000'],
    });
    expect(server).toMatchObject({
      replSlaveRo: false,
      replTimeout: 7,
      replBacklogSize: 1048576,
      replMinSlavesToWrite: 2,
      masterauth: 'two words',
      masterhost: '10.0.0.1',
      masterport: 7000,
    });
    expect(server.saveparams).toEqual([
      { seconds: 900, changes: 1 },
      { seconds: 300, changes: 10 },
    ]);
    expect(server.clientObufLimits.replica).toEqual({
      hardLimitBytes: 1048576,
      softLimitBytes: 524288,
      softLimitSeconds: 5,
    });
    expect(server.clientObufLimits.normal.hardLimitBytes).toBe(10);
  });

  test('forgets the saves before an empty one', () => {
    const { server } = new Lab({ save: ['900 1', '', '60 5'] });
    expect(server.saveparams).toEqual([{ seconds: 60, changes: 5 }]);
  });

  test('with a backlog below 16 KiB gets 16 KiB', () => {
    const lab = new Lab({ 'repl-backlog-size': ['100'] });
    expect(lab.server.replBacklogSize).toBe(16384);
    expect(get(lab, 'repl-backlog-size')).toBe('16384');
  });

  test('of 7.0 with a backlog below 16 KiB gets what it says, and 16 KiB with the next CONFIG SET', () => {
    const lab = new Lab({ 'repl-backlog-size': ['100'] }, redis70);
    expect(lab.server.replBacklogSize).toBe(100);
    expect(get(lab, 'repl-backlog-size')).toBe('100');
    set(lab, 'repl-backlog-size', '200');
    expect(get(lab, 'repl-backlog-size')).toBe('16384');
  });

  test('that leaves everything out gives a server its defaults', () => {
    const lab = new Lab();
    expect(lab.server).toMatchObject({ hz: 10, replTimeout: 60, replBacklogSize: 1048576, dbnum: 16 });
    expect(get(lab, 'repl-timeout')).toBe('60');
    expect(get(lab, 'client-output-buffer-limit')).toBe(
      'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
    );
  });

  test('with a line that is wrong ends the server before it serves', () => {
    for (const [name, line, reason] of [
      ['repl-timeout', '0', 'must be an integer, 1 or greater'],
      ['nosuch', '0', 'Bad directive or wrong number of arguments'],
    ] as const) {
      const { system } = new Lab({ [name]: [line] });
      expect(system.exited).toBe(true);
      expect(system.logs).toContain(`warning >>> '${name} ${line}'`);
      expect(system.logs.at(-1)).toContain(reason);
    }
    expect(new Lab().system.exited).toBe(false);
  });
});

describe('CONFIG SET', () => {
  test('changes the server at once', () => {
    const lab = new Lab();
    expect(set(lab, 'repl-timeout', '5')).toBe('+OK');
    expect(set(lab, 'slave-serve-stale-data', 'NO')).toBe('+OK');
    expect(lab.server).toMatchObject({ replTimeout: 5, replServeStaleData: false });
    expect(get(lab, 'replica-serve-stale-data')).toBe('no');
  });

  test('of repl-backlog-size empties the backlog', () => {
    const lab = new Lab().withBacklog();
    lab.run(lab.connect(), 'SET k v');
    set(lab, 'repl-backlog-size', '32kb');
    expect(lab.server).toMatchObject({ replBacklogHistlen: 0, replBacklogOff: 51, replBacklogSize: 32768 });
  });

  test('refuses what has no meaning, is unknown, or is fixed at the start', () => {
    const lab = new Lab();
    expect(set(lab, 'repl-timeout', '0')).toBe("-ERR Invalid argument '0' for CONFIG SET 'repl-timeout'");
    expect(set(lab, 'nosuch', '0')).toBe('-ERR Unsupported CONFIG parameter: nosuch');
    expect(set(lab, 'port', '1')).toBe('-ERR Unsupported CONFIG parameter: port');
    expect(lab.server.replTimeout).toBe(60);
  });
});

describe('CONFIG REWRITE', () => {
  test('writes what differs from the defaults, the master among it, such that it can be read again', () => {
    const lab = new Lab({ save: ['900 1', '60 5'], 'repl-timeout': ['9'] });
    set(lab, 'client-output-buffer-limit', 'replica 1mb 0 0');
    set(lab, 'slave-priority', '50');
    lab.run(lab.connect(), 'REPLICAOF 10.0.0.1 7000');
    expect(lab.run(lab.connect(), 'CONFIG REWRITE')).toBe('+OK');
    const file = lab.system.rewritten!;
    expect(Object.fromEntries(file)).toEqual({
      save: ['900 1', '60 5'],
      'repl-timeout': ['9'],
      'replica-priority': ['50'],
      replicaof: ['10.0.0.1 7000'],
      'client-output-buffer-limit': ['normal 0 0 0', 'slave 1048576 0 0', 'pubsub 33554432 8388608 60'],
    });
    const again = new Lab(Object.fromEntries(file));
    const all = 'CONFIG GET *';
    expect(again.run(again.connect(), all)).toBe(lab.run(lab.connect(), all));
  });

  test('leaves the master out after REPLICAOF NO ONE', () => {
    const lab = new Lab({ replicaof: ['10.0.0.1 7000'] });
    lab.run(lab.connect(), 'REPLICAOF NO ONE');
    lab.run(lab.connect(), 'CONFIG REWRITE');
    expect(lab.system.rewritten!.has('replicaof')).toBe(false);
    expect(lab.system.rewritten!.get('save')).toEqual(['']);
  });
});
