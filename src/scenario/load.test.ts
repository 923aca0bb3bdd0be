import { describe, expect, it, test } from 'vitest';
import {
  expectations,
  loadAll,
  loadOne,
  messagesOf,
  problemsOf,
  scenario,
  timeline,
} from './load.test-helper.ts';
import type { Action, Scenario } from './scenario.ts';

function action(loaded: Scenario, entry = 0): Action {
  return loaded.timeline[entry]!.action;
}

/** The arguments of the first command of the first entry. */
function argv(entry: string, nodes?: string): readonly string[] {
  const text =
    nodes === undefined
      ? timeline(entry)
      : `name: x\nduration: 60s\nnodes: ${nodes}\ntimeline:\n  - ${entry}\n`;
  const run = action(loadOne(text));
  if (run.kind !== 'run') throw new Error(run.kind);
  return run.commands[0]!.render(0).argv;
}

describe('a seed', () => {
  test.each([
    ['7', '7'],
    ['007', '007'],
    ['"7"', '7'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['1.0', '1.0'],
    ['abc', 'abc'],
  ])('%s is taken as written', (written, seed) => {
    expect(loadOne(scenario(`seed: ${written}`)).seed).toBe(seed);
  });

  it('is 1 where none is given, and the command line wins', () => {
    expect(loadOne(scenario()).seed).toBe('1');
    expect(loadOne(scenario('seed: 3'), { seed: '05' }).seed).toBe('05');
  });
});

describe('a configuration', () => {
  const config = (text: string, readFile?: (path: string) => string | null) =>
    loadOne(`name: x\nduration: 9s\nnodes: { A: ${text} }\n`, readFile === undefined ? {} : { readFile })
      .nodes[0]!;

  it('keeps values as written and takes old and new names', () => {
    const { config: lines } = config(
      '{ config: { unixsocketperm: 0700, slave-priority: 10, repl-diskless-sync: yes, hz: 10 } }',
    );
    expect(lines.get('unixsocketperm')).toEqual(['0700']);
    expect(lines.get('replica-priority')).toEqual(['10']);
    expect(lines.get('repl-diskless-sync')).toEqual(['yes']);
  });

  it('has one line for each item of a list', () => {
    expect(config('{ config: { save: ["900 1", "60 10"] } }').config.get('save')).toEqual(['900 1', '60 10']);
  });

  it('is the conf file, then config', () => {
    const conf = '# comment\n\nsave 900 1\nsave 60 10\nrepl-timeout 20\nrequirepass "a b"\nport 7000\n';
    const { config: lines } = config('{ conf: a.conf, config: { repl-timeout: 30, save: "" } }', (path) =>
      path === 'a.conf' ? conf : null,
    );
    expect(lines.get('save')).toEqual(['']);
    expect(lines.get('repl-timeout')).toEqual(['30']);
    expect(lines.get('requirepass')).toEqual(['a b']);
    expect(lines.get('port')).toEqual(['7000']);
  });

  it('says where in the conf file something is wrong', () => {
    const text = 'name: x\nduration: 9s\nnodes: { A: { conf: a.conf } }\n';
    expect(messagesOf(text, { readFile: () => 'port 1\n  repl-timout 5\n' })).toEqual([
      'a.conf:2:3: redis-5.0 has no directive "repl-timout"',
    ]);
    expect(messagesOf(text)).toEqual(['3:21: cannot read a.conf']);
  });

  it('notes a directive without effect once', () => {
    const { notes } = loadOne(
      'name: x\nduration: 9s\nnodes: { A: { config: { daemonize: yes } }, B: { config: { daemonize: no } } }\n',
    );
    expect(notes).toEqual([
      {
        position: { file: 'test.yaml', line: 3, column: 25 },
        message: 'daemonize has no effect in the simulation',
      },
    ]);
  });

  test.each([
    '{ replicaof: B }',
    '{ config: { slaveof: B } }',
    '{ config: { replicaof: B 7000 } }',
    '{ replicaof: 10.0.0.2 7000 }',
  ])('names a master by %s', (node) => {
    const text = `name: x\nduration: 9s\nnodes: { A: ${node}, B: { config: { port: 7000 } } }\n`;
    expect(loadOne(text).nodes[0]!.replicaof).toBe('B');
  });

  it('may name nowhere, or the node itself', () => {
    expect(config('{ replicaof: nowhere }').replicaof).toBe('nowhere');
    expect(config('{ replicaof: A }').replicaof).toBe('A');
  });
});

describe('a command', () => {
  test.each([
    ['REPLICAOF A', ['REPLICAOF', '10.0.0.1', '6379']],
    ['slaveof B', ['slaveof', '10.0.0.2', '6379']],
    ['REPLICAOF nowhere', ['REPLICAOF', '10.255.255.254', '6379']],
    ['REPLICAOF NO ONE', ['REPLICAOF', 'NO', 'ONE']],
    ['REPLICAOF B 7000', ['REPLICAOF', '10.0.0.2', '7000']],
    ['REPLICAOF 1.2.3.4 5', ['REPLICAOF', '1.2.3.4', '5']],
  ])('%s has the address in it', (text, args) => {
    expect(argv(`{ at: 1s, on: A, run: ${text} }`)).toEqual(args);
  });

  test.each([
    ['FAILOVER TO B', ['FAILOVER', 'TO', '10.0.0.2', '6379']],
    ['FAILOVER to B TIMEOUT 100 FORCE', ['FAILOVER', 'to', '10.0.0.2', '6379', 'TIMEOUT', '100', 'FORCE']],
    ['FAILOVER TO B 7000 TIMEOUT 5', ['FAILOVER', 'TO', '10.0.0.2', '7000', 'TIMEOUT', '5']],
    ['FAILOVER TIMEOUT 5', ['FAILOVER', 'TIMEOUT', '5']],
  ])('%s has the address of its target in it', (text, args) => {
    expect(argv(`{ at: 1s, on: A, run: ${text} }`, '{ A: { profile: redis-7.0 }, B: {} }')).toEqual(args);
  });

  it('uses the port that the node listens on', () => {
    expect(argv('{ at: 1s, on: A, run: REPLICAOF B }', '{ A: {}, B: { config: { port: 7001 } } }')).toEqual([
      'REPLICAOF',
      '10.0.0.2',
      '7001',
    ]);
  });

  it('is split as redis-cli splits a line, one character for each byte', () => {
    expect(argv(`{ at: 1s, on: A, run: 'SET "a b" "\\x00\\xff"' }`)).toEqual(['SET', 'a b', '\u0000\u00ff']);
    expect(argv('{ at: 1s, on: A, run: SET k ä }')).toEqual(['SET', 'k', '\u00c3\u00a4']);
  });

  it('keeps its text as written', () => {
    const run = action(loadOne(timeline('{ at: 1s, on: A, run: "SET  k   v" }')));
    expect(run.kind === 'run' && run.commands[0]!.text).toBe('SET  k   v');
  });

  it('that Redis has and psynclab has not is refused saying so', () => {
    const catalog = {
      lookupCommand: (name: string) => (name === 'LOLWUT' ? { simulated: false, arity: -1 } : undefined),
      commandNames: () => ['lolwut'],
      lookupDirective: (name: string) => ({
        name,
        effect: true,
        repeatable: false,
        inFile: true,
        check: () => null,
      }),
      directiveNames: () => [],
    };
    expect(messagesOf(timeline('{ at: 1s, on: A, run: LOLWUT }'), { catalog })).toEqual([
      '5:27: LOLWUT is a command of Redis that psynclab does not simulate',
    ]);
    expect(problemsOf(timeline('{ at: 1s, on: A, run: lolwat }'), { catalog })).toEqual([
      '5:27: redis-5.0 has no command "lolwat"\n  hint: did you mean "LOLWUT"?',
    ]);
  });
});

describe('nodes in groups', () => {
  it('R1..R3 as a key makes three', () => {
    const { nodes } = loadOne('name: x\nduration: 9s\nnodes: { A: , R1..R3: { replicaof: A } }\n');
    expect(nodes.map(({ name, replicaof }) => [name, replicaof])).toEqual([
      ['A', null],
      ['R1', 'A'],
      ['R2', 'A'],
      ['R3', 'A'],
    ]);
  });

  it('pick is one of the nodes named, drawn at run time', () => {
    expect(action(loadOne(timeline('{ at: 1s, kill: { pick: [A, B] } }')))).toEqual({
      kind: 'kill',
      nodes: { options: [['A'], ['B']], stream: 'pick/1' },
    });
    expect(action(loadOne(timeline('{ at: 1s, kill: all }')))).toEqual({
      kind: 'kill',
      nodes: { options: [['A', 'B']], stream: '' },
    });
  });

  it('what a pick draws from goes by its number in the file, or by the name that it gives', () => {
    const file = timeline(
      '{ at: 1s, kill: { pick: [A, B] } }\n  # a remark\n\n  - { at: 2s, kill: { pick: [A, B], stream: mine } }\n' +
        '  - { at: 3s, freeze: { pick: [A, B] } }',
    );
    const streams = loadOne(file).timeline.map(({ action }) => 'nodes' in action && action.nodes.stream);
    expect(streams).toEqual(['pick/1', 'mine', 'pick/2']);
  });

  it('pick of links is one of the links as written', () => {
    const reset = action(loadOne(timeline('{ at: 1s, reset: { pick: [A <-> B, B -> A] } }')));
    expect(reset.kind === 'reset' && reset.links.options.map((option) => option.length)).toEqual([2, 1]);
  });

  it('an expectation about a group is one about each, never about any', () => {
    expect(loadOne(expectations('{ info: all, has: { role: master } }')).expect).toHaveLength(2);
    const [never] = loadOne(expectations('{ never: { info: all, has: { role: master } } }')).expect;
    expect(never).toMatchObject({ kind: 'never', condition: { kind: 'any' } });
  });
});

describe('links', () => {
  const links = (text: string) => loadOne(scenario(`links: ${text}`)).links;

  it('what neither gives comes from default; A -> B wins over A <-> B', () => {
    const table = links(
      '{ A -> B: { loss: 1% }, default: { jitter: 1ms }, A <-> B: { rtt: 10ms, loss: 2% } }',
    );
    const of = (from: string) => table.directions.find((direction) => direction.from === from)!.link;
    expect(of('A')).toMatchObject({ latency: 5_000, jitter: 1_000, loss: 0.01 });
    expect(of('B')).toMatchObject({ latency: 5_000, jitter: 1_000, loss: 0.02 });
  });
});

describe('the timeline', () => {
  it('for and within stand in the condition or beside it', () => {
    for (const entry of [
      '{ when: { on: A, log: x, for: 1s, within: 2s }, kill: A }',
      '{ when: { on: A, log: x }, for: 1s, within: 2s, kill: A }',
    ]) {
      expect(loadOne(timeline(entry)).timeline[0]!.trigger).toMatchObject({
        hold: 1_000_000,
        within: 2_000_000,
      });
    }
  });

  it('conditions combine', () => {
    const { trigger } = loadOne(
      timeline(
        '{ when: { all: [{ on: A, log: /x/ }, { not: { on: B, repl_state: CONNECTED } }] }, kill: A }',
      ),
    ).timeline[0]!;
    expect(trigger).toMatchObject({
      condition: {
        kind: 'all',
        of: [
          { kind: 'log', pattern: { kind: 'regex' } },
          { kind: 'not', of: { kind: 'repl_state', state: 'CONNECTED' } },
        ],
      },
    });
  });

  it('start changes only what set names', () => {
    const start = action(
      loadOne(timeline('{ at: 1s, start: B, set: { config: { repl-timeout: 9 }, replicaof: "no" } }')),
    );
    expect(start).toEqual({
      kind: 'start',
      nodes: { options: [['B']], stream: '' },
      set: { config: new Map([['repl-timeout', ['9']]]), replicaof: 'no', profile: undefined },
    });
  });

  it('heal: all heals everything', () => {
    expect(action(loadOne(timeline('{ at: 1s, heal: all }')))).toEqual({ kind: 'heal', links: null });
  });

  it('an entry at the very end is inside the run', () => {
    expect(loadOne(timeline('{ at: 60s, kill: A, idle: ok }')).timeline[0]).toMatchObject({
      idleOk: true,
      trigger: { time: 60_000_000 },
    });
  });

  it('replies are texts, regular expressions or nil', () => {
    const run = action(
      loadOne(timeline('{ at: 1s, on: A, run: [GET a, GET b, GET c], reply: [v, /^V/i, null] }')),
    );
    expect(run.kind === 'run' && run.replies).toMatchObject([
      { kind: 'text', text: 'v' },
      { kind: 'regex', source: '/^V/i' },
      { kind: 'text', text: 'null' },
    ]);
  });
});

describe('expectations compare', () => {
  const test1 = (has: string) => {
    const [found] = loadOne(expectations(`{ info: A, has: { ${has} } }`)).expect;
    return found!.kind === 'info' ? found!.has[0] : undefined;
  };

  it('numbers, sizes and texts', () => {
    expect(test1('connected_slaves: 1')!.test).toEqual({ kind: 'compare', op: '==', value: 1 });
    expect(test1('repl_backlog_size: "!= 16kb"')!.test).toEqual({ kind: 'compare', op: '!=', value: 16_384 });
    expect(test1('second_repl_offset: -1')!.test).toEqual({ kind: 'compare', op: '==', value: -1 });
    expect(test1('role: slave')!.test).toEqual({ kind: 'compare', op: '==', value: 'slave' });
  });

  it("another node's field, and the line about a replica", () => {
    expect(test1('master_repl_offset: "== B.master_repl_offset"')!.test).toEqual({
      kind: 'other',
      op: '==',
      node: 'B',
      field: { kind: 'field', name: 'master_repl_offset' },
    });
    expect(test1('"slave(B).lag": "<= 1"')!.field).toEqual({ kind: 'slave', replica: 'B', part: 'lag' });
  });
});

describe('what the command line changes', () => {
  it('the profile of the file, if there is such a profile', () => {
    const knownProfiles = ['redis-5.0'] as const;
    expect(messagesOf(scenario(), { profile: 'redis-7.0', knownProfiles })).toEqual([
      '--profile redis-7.0: the profile "redis-7.0" is not built yet',
    ]);
    expect(loadOne(scenario(), { profile: 'redis-5.0', knownProfiles: ['redis-5.0'] }).profile).toBe(
      'redis-5.0',
    );
    expect(problemsOf(scenario(), { profile: 'redis-6.2' })[0]).toContain('the nearest is redis-5.0');
  });

  it.each([
    ['7.0', 'redis-7.0'],
    ['redis7', 'redis-7.0'],
    ['redis-7.0.15', 'redis-7.0'],
    ['5.0.14', 'redis-5.0'],
  ])('the profile %s, which is meant to be %s', (profile, meant) => {
    expect(problemsOf(scenario(), { profile })).toEqual([
      `--profile ${profile}: there is no profile "${profile}"\n  hint: did you mean "${meant}"?`,
    ]);
  });

  it('directives and links, with the same checks', () => {
    const loaded = loadOne(scenario('links: { A <-> B: { rtt: 2ms } }'), {
      set: ['all.repl-timeout=10', 'B.repl-timeout=20', 'A<->B.latency=75ms', 'default.loss=1%'],
    });
    expect(loaded.nodes.map(({ config }) => config.get('repl-timeout'))).toEqual([['10'], ['20']]);
    expect(loaded.links.directions.map(({ link }) => link.latency)).toEqual([75_000, 75_000]);
    expect(loaded.links.default.loss).toBe(0.01);
  });

  it('the master of a node', () => {
    expect(loadOne(scenario(), { set: ['B.replicaof=nowhere'] }).nodes[1]!.replicaof).toBe('nowhere');
  });

  test.each([
    ['A.repl-timout=1', '--set A.repl-timout=1: redis-5.0 has no directive "repl-timout"'],
    ['D.hz=1', '--set D.hz=1: there is no node "D"'],
    ['A<->B.latency=75', '--set A<->B.latency=75: "75" has no unit'],
    ['A<->B.latncy=75ms', '--set A<->B.latncy=75ms: a link has no "latncy"'],
    ['hz', '--set hz: this changes nothing'],
  ])('%s is refused', (option, message) => {
    expect(messagesOf(scenario(), { set: [option] })).toEqual([message]);
  });
});

it('a file without matrix gives one scenario without a case', () => {
  expect(loadAll(scenario()).map((loaded) => loaded.case)).toEqual([null]);
});

describe('a server of one version', () => {
  const profilesOf = (more: string): string[] =>
    loadAll(scenario(more), { serverProfile: 'redis-7.0' }).map(({ nodes }) => nodes[0]!.profile);

  it('plays a file under its own', () => expect(profilesOf('profile: redis-5.0')).toEqual(['redis-7.0']));

  it('plays the cases that name it, and those that name none', () => {
    const cases = 'cases: [ { profile: redis-5.0 }, { profile: redis-7.0 }, { seed: 3 } ]';
    expect(profilesOf(cases)).toEqual(['redis-7.0', 'redis-7.0']);
  });

  it('leaves a file what it says where it would be wrong in that version, and tells what is wrong in both', () => {
    const alone = (more: string) => scenario(`profile: redis-5.0\n${more}`);
    const five = 'timeline: [ { when: { on: B, repl_state: RECEIVE_PSYNC }, kill: A } ]';
    const loaded = loadAll(alone(five), { serverProfile: 'redis-7.0' });
    expect(loaded.map(({ nodes }) => nodes[0]!.profile)).toEqual(['redis-5.0']);
    const neither = 'timeline: [ { at: 1s, on: A, run: NOSUCH } ]';
    expect(messagesOf(alone(neither), { serverProfile: 'redis-7.0' })).toEqual([
      expect.stringContaining('redis-7.0'),
    ]);
  });

  it('leaves cases as they are where all name another', () =>
    expect(profilesOf('cases: [ { profile: redis-5.0 } ]')).toEqual(['redis-5.0']));
});
