import { describe, expect, it, test } from 'vitest';
import { expectations, messagesOf, problemsOf, scenario, timeline } from './load.test-helper.ts';

/** What is wrong, and every message with its line and column. */
type Row = [what: string, text: string, messages: string[]];

const keys: Row[] = [
  ['an unknown key', scenario('tgas: [a]'), ['4:1: unknown key "tgas"']],
  ['a missing key', 'name: x\nduration: 1s\n', ['1:1: "nodes" is missing']],
  [
    'a misspelled key that is needed, once',
    'nmae: x\nduration: 1s\nnodes: { A: {} }\n',
    ['1:1: unknown key "nmae"'],
  ],
  ['a key twice', scenario('name: again'), ['4:1: "name" stands here twice']],
  ['a list for a map', 'name: x\nduration: 1s\nnodes: [A]\n', ['3:8: must be a map, not a list']],
  [
    'a number for a name',
    'name: 7\nduration: 1s\nnodes: { A: {} }\n',
    ['1:7: must be a text, not the number 7'],
  ],
  [
    'a name of two lines',
    'name: |\n  a\n  b\nduration: 1s\nnodes: { A: {} }\n',
    ['1:7: the name is one line'],
  ],
  ['no nodes', 'name: x\nduration: 1s\nnodes: {}\n', ['3:8: a scenario needs a node']],
  [
    'a run without time',
    'name: x\nduration: 0s\nnodes: { A: {} }\n',
    ['2:11: a run must last longer than nothing'],
  ],
  ['a time without unit', 'name: x\nduration: 60\nnodes: { A: {} }\n', ['2:11: 60 has no unit']],
  [
    'a fault that no nemesis draws',
    scenario('nemesis: { faults: [reboot] }'),
    ['4:21: a nemesis knows no "reboot"'],
  ],
  [
    'a nemesis that draws nothing',
    scenario('nemesis: { faults: [] }'),
    ['4:20: a nemesis without faults draws nothing'],
  ],
  [
    'a topology that there is not',
    scenario('nemesis: { topology: ring }'),
    ['4:22: there is no topology "ring"'],
  ],
  [
    'values that a directive cannot have, or no node',
    scenario('nemesis: { config: { hz: [10, fast], replicaof: [A 1] } }'),
    ['4:31: hz: must be an integer, 0 or greater, not "fast"', '4:38: who follows whom is drawn otherwise'],
  ],
  [
    'a directive without values',
    scenario('nemesis: { config: { hz: 10 } }'),
    ['4:26: must be a list of values'],
  ],
  ['a span without unit', scenario('nemesis: { every: 2..10 }'), ['4:19: "2..10" is no span of time']],
  ['a span backwards', scenario('nemesis: { for: 3s..2s }'), ['4:17: this span ends before it begins']],
  ['a nemesis after the end', scenario('nemesis: { until: 61s }'), ['4:19: 61s is after the end of the run']],
  [
    'a nemesis that ends before it begins',
    scenario('nemesis: { from: 30s, until: 10% }'),
    ['4:10: the nemesis ends before it begins'],
  ],
  ['an unknown key of a nemesis', scenario('nemesis: { fault: kill }'), ['4:12: unknown key "fault"']],
  [
    'a directive with no value to draw',
    scenario('nemesis: { config: { hz: [] } }'),
    ['4:26: the list is empty'],
  ],
  [
    'traffic to no node',
    scenario('workload: [{ on: [], every: 1s, run: PING }]'),
    ['4:18: a node is missing'],
  ],
  ['a failure known for no reason', scenario('known_failure: ""'), ['4:16: known_failure says why']],
  ['an unknown mutant', scenario('mutants: [no-replid]'), ['4:11: there is no mutant "no-replid"']],
];

const nodes = (...lines: string[]) =>
  `name: x\nduration: 9s\nnodes:\n${lines.map((line) => `  ${line}\n`).join('')}`;

const nodeRows: Row[] = [
  ['a taken name', nodes('all: {}'), ['4:3: the name "all" is taken']],
  ['a name with a blank', nodes('"a b": {}'), ['4:3: "a b" is no name']],
  ['a node twice by a range', nodes('R2: {}', 'R1..R3: {}'), ['5:3: the node "R2" stands here twice']],
  ['a master that is no node', nodes('A: { replicaof: D }'), ['4:19: there is no node "D"']],
  [
    'a port nobody listens on',
    nodes('A:', 'B: { replicaof: A 7000 }'),
    ['5:19: A does not listen on port 7000'],
  ],
  [
    'an unknown directive',
    nodes('A: { config: { repl-bcklog-size: 1mb } }'),
    ['4:18: redis-5.0 has no directive "repl-bcklog-size"'],
  ],
  [
    'a list for a single directive',
    nodes('A: { config: { repl-timeout: [1, 2] } }'),
    ['4:32: "repl-timeout" cannot stand several times'],
  ],
  [
    'a directive without value',
    nodes('A: { config: { masterauth: } }'),
    ['4:30: must be a text, a number, yes or no, not nothing'],
  ],
  [
    'a CONFIG SET where there is no node',
    `${nodes('A:')}timeline: [{ at: 1s, on: D, run: CONFIG SET repl-timeout 3 }]\n`,
    ['5:26: there is no node "D"'],
  ],
  ['a boot after time 0', nodes('A: { boot: 3s }'), ['4:14: a process boots at time 0 or before']],
  ['a dataset of half a byte', nodes('A: { dataset: 1.5mb }'), ['4:17: "1.5mb" is no size']],
  ['a machine without rate', nodes('A: { machine: { save: 200mb } }'), ['4:25: "200mb" is no rate']],
];

const linkRows: Row[] = [
  ['no link', scenario('links: { A: {} }'), ['4:10: "A" is no link']],
  ['an unknown node', scenario('links: { A <-> D: {} }'), ['4:10: there is no node "D"']],
  [
    'rtt of one direction',
    scenario('links: { A -> B: { rtt: 1ms } }'),
    ['4:25: rtt is about both directions'],
  ],
  [
    'rtt and latency',
    scenario('links: { default: { rtt: 1ms, latency: 1ms } }'),
    ['4:26: rtt and latency both say how long the way is'],
  ],
  ['more loss than all', scenario('links: { default: { loss: 120% } }'), ['4:27: 120% is more than all']],
];

const timelineRows: Row[] = [
  [
    'two actions',
    timeline('{ at: 1s, kill: A, start: B }'),
    ['5:5: the entry has 2 actions: kill and start'],
  ],
  ['no action', timeline('{ at: 1s, on: A }'), ['5:5: the entry has no action']],
  ['no trigger', timeline('{ kill: A }'), ['5:5: the entry has no trigger']],
  [
    'two triggers',
    timeline('{ at: 1s, after: 1s, kill: A }'),
    ['5:5: the entry has 2 triggers: at and after'],
  ],
  ['an action with a typo, once', timeline('{ at: 1s, kil: A }'), ['5:15: unknown key "kil"']],
  ['a time after the end', timeline('{ at: 61s, kill: A }'), ['5:11: 61s is after the end of the run']],
  ['a negative time', timeline('{ at: -1s, kill: A }'), ['5:11: -1s is negative']],
  ['an unknown node', timeline('{ at: 1s, kill: D }'), ['5:21: there is no node "D"']],
  [
    'a key of another action',
    timeline('{ at: 1s, kill: A, reply: +OK }'),
    ['5:24: "reply" does not go with "kill"'],
  ],
  ['commands to nowhere', timeline('{ at: 1s, run: PING }'), ['5:5: where do the commands go?']],
  [
    'an unknown command',
    timeline('{ at: 1s, on: A, run: STE k v }'),
    ['5:27: redis-5.0 has no command "STE"'],
  ],
  [
    'too few arguments',
    timeline('{ at: 1s, on: A, run: SET k }'),
    ['5:27: SET takes at least 2 arguments, not 1'],
  ],
  ['too many arguments', timeline('{ at: 1s, on: A, run: GET a b }'), ['5:27: GET takes 1 argument, not 2']],
  [
    'open quotes',
    timeline(`{ at: 1s, on: A, run: 'SET k "v' }`),
    ['5:27: the quotes in this command do not match'],
  ],
  [
    'a master that is no node',
    timeline('{ at: 1s, on: B, run: REPLICAOF D }'),
    ['5:27: there is no node "D"'],
  ],
  ['a master no', timeline('{ at: 1s, on: B, run: REPLICAOF no }'), ['5:27: "no" alone is no master']],
  [
    'CONFIG SET of nothing',
    timeline('{ at: 1s, on: A, run: CONFIG SET repl-x 1 }'),
    ['5:27: redis-5.0 has no directive "repl-x"'],
  ],
  [
    'more replies than commands',
    timeline('{ at: 1s, on: A, run: PING, reply: [a, b] }'),
    ['5:40: 2 replies are given for 1 command'],
  ],
  ['an unknown client', timeline('{ at: 1s, as: app, run: PING }'), ['5:19: there is no client "app"']],
  [
    'an unknown step',
    timeline('{ id: one, at: 1s, kill: A }', '{ after: { step: two }, start: A }'),
    ['6:22: no entry has the id "two"'],
  ],
  [
    'an entry after itself',
    timeline('{ id: one, after: { step: one }, kill: A }'),
    ['5:31: an entry cannot follow itself'],
  ],
  [
    'an id twice',
    timeline('{ id: x, at: 1s, kill: A }', '{ id: x, at: 2s, start: A }'),
    ['6:11: the id "x" stands twice'],
  ],
  [
    'at inside do',
    timeline('{ at: 1s, repeat: { times: 2, do: [{ at: 2s, kill: A }] } }'),
    ['5:46: inside do: an entry cannot have at:'],
  ],
  [
    'no repetition',
    timeline('{ at: 1s, on: A, repeat: { times: 0, run: PING } }'),
    ['5:39: the number 0 is too small'],
  ],
  [
    'repetitions in quotes, as YAML has them',
    timeline('{ at: 1s, on: A, repeat: { times: "3", run: PING } }'),
    ['5:39: must be a whole number above zero, not the text "3"'],
  ],
  ['commands to no node', timeline('{ at: 1s, on: [], run: PING }'), ['5:19: a node is missing']],
  ['a fault of no node', timeline('{ at: 1s, kill: [] }'), ['5:21: a node is missing']],
  [
    'a draw from nothing',
    timeline('{ at: 1s, kill: { pick: [] } }'),
    ['5:29: there is nothing to pick from'],
  ],
  [
    'a state that is none',
    timeline('{ when: { on: B, repl_state: TRANSFR }, kill: B }'),
    ['5:34: the text "TRANSFR" cannot stand here'],
  ],
  [
    'a field that is none',
    timeline('{ when: { on: B, info: { rol: master } }, kill: B }'),
    ['5:30: INFO has no field "rol"'],
  ],
  [
    'a condition on nothing',
    timeline('{ when: { for: 1s }, kill: B }'),
    ['5:13: this condition asks for nothing'],
  ],
  ['saves neither failing nor working', timeline('{ at: 1s, bgsave: A }'), ['5:5: do saves fail or work?']],
  ['a link that does not change', timeline('{ at: 1s, link: A <-> B }'), ['5:5: what changes on the link?']],
  [
    'link values for a start',
    timeline('{ at: 1s, start: A, set: { latency: 1ms } }'),
    ['5:32: "latency" does not go with "start"'],
  ],
  [
    'idle commands',
    timeline('{ at: 1s, on: A, run: PING, idle: ok }'),
    ['5:33: "idle" does not go with "run"'],
  ],
];

const expectRows: Row[] = [
  [
    'two forms',
    expectations('{ log: A, converged: [A, B] }'),
    ['5:5: the expectation has 2 forms: log and converged'],
  ],
  ['none', expectations('{ at: 1s }'), ['5:5: the expectation expects nothing']],
  [
    'a decision that is none',
    expectations('{ psync: B -> A, is: [partial/replid3] }'),
    ['5:27: "partial/replid3" is no decision'],
  ],
  [
    'a decision of the wrong outcome',
    expectations('{ psync: B -> A, count: { full/replid: 1 } }'),
    ['5:31: "full/replid" is no decision'],
  ],
  ['a PSYNC both ways', expectations('{ psync: B <-> A, is: [] }'), ['5:14: a PSYNC goes one way']],
  ['a PSYNC asked nothing', expectations('{ psync: B -> A }'), ['5:5: what about these decisions?']],
  [
    'an INFO field that is none',
    expectations('{ info: A, has: { master_repl_ofset: 1 } }'),
    ['5:23: INFO has no field "master_repl_ofset"'],
  ],
  [
    'a field of another version',
    expectations('{ info: A, has: { master_failover_state: x } }'),
    ['5:23: redis-5.0 gives no INFO field "master_failover_state"'],
  ],
  [
    'a text for a number',
    expectations('{ info: A, has: { connected_slaves: many } }'),
    ['5:41: this field is a number, not "many"'],
  ],
  [
    'a role that is none',
    expectations('{ info: A, has: { role: replica } }'),
    ['5:29: this field is never "replica"'],
  ],
  [
    'texts in order',
    expectations('{ info: A, has: { role: "> master" } }'),
    ['5:29: texts have no order for ">"'],
  ],
  [
    "another node's field that is none",
    expectations('{ info: A, has: { master_repl_offset: "== B.offset" } }'),
    ['5:43: INFO has no field "offset"'],
  ],
  [
    'a line about nobody',
    expectations('{ info: A, has: { "slave(D).lag": 1 } }'),
    ['5:23: there is no node "D"'],
  ],
  [
    'a time after the end',
    expectations('{ info: A, at: 2m, has: { role: master } }'),
    ['5:20: 2m is after the end of the run'],
  ],
  [
    'an end before the beginning',
    expectations('{ always: { info: A, has: { role: master } }, from: 9s, until: 8s }'),
    ['5:68: this ends before it begins'],
  ],
  [
    'a span beyond the end',
    expectations('{ eventually: { info: A, has: { role: master } }, from: 59s, within: 2s }'),
    ['5:74: this ends after the end of the run'],
  ],
  ['one node alone', expectations('{ converged: [A] }'), ['5:18: one node alone is always converged']],
  ['no node at all', expectations('{ converged: [] }'), ['5:18: a node is missing']],
  ['INFO of nobody', expectations('{ info: [], has: { role: slave } }'), ['5:13: a node is missing']],
  [
    'a condition on nobody',
    expectations('{ never: { on: [], info: { role: slave } } }'),
    ['5:20: a node is missing'],
  ],
  ['writes of nobody', expectations('{ lost_writes: 0, of: [] }'), ['5:27: a node is missing']],
  ['a count of nothing', expectations('{ psync: B -> A, count: {} }'), ['5:29: count of what?']],
  ['no invariant', expectations('{ violates: [] }'), ['5:17: which invariant?']],
  [
    'an order of one',
    expectations('{ order: [{ log: A, contains: x }] }'),
    ['5:14: an order has at least two steps'],
  ],
  [
    'an unknown fault',
    expectations('{ order: [{ log: A, contains: x }, { fault: cut }] }'),
    ['5:49: no entry has the id "cut"'],
  ],
  [
    'a broken regular expression',
    expectations('{ log: A, contains: "/(/" }'),
    ['5:25: no valid regular expression: /(/: Unterminated group'],
  ],
  ['an unknown cost', expectations('{ cost: { bytes: 1 } }'), ['5:15: unknown key "bytes"']],
  ['a cost without unit', expectations('{ cost: { unreadable: "< 60" } }'), ['5:27: "60" has no unit']],
  [
    'an unknown invariant',
    expectations('{ violates: one-histry }'),
    ['5:17: there is no invariant "one-histry"'],
  ],
  [
    'a strange acknowledgement',
    expectations('{ lost_writes: 0, acked: all }'),
    ['5:30: "all" is no way to acknowledge'],
  ],
  ['a snapshot after the end', scenario('snapshots: [1s, 61s]'), ['4:17: 61s is after the end of the run']],
];

describe('a wrong file says where and what', () => {
  test.each([...keys, ...nodeRows, ...linkRows, ...timelineRows, ...expectRows])(
    '%s',
    (_what, text, messages) => {
      expect(messagesOf(text)).toEqual(messages);
    },
  );
});

describe('a hint', () => {
  it('names the nearest key, node, directive, command, field and decision', () => {
    const text = [
      'name: x',
      'duration: 60s',
      'nodes: { master: {}, replica: { replicaof: mastr, config: { repl-bcklog-size: 1mb } } }',
      'timeline:',
      '  - { at: 1s, crash: master }',
      '  - { at: 1s, on: master, run: PNIG }',
      '  - { at: 1s, start: master, ste: { } }',
      'expect:',
      '  - { psync: replica -> master, is: partial/replidd }',
      '  - { info: master, has: { conected_slaves: 1 } }',
    ].join('\n');
    const found = problemsOf(text).map((problem) => problem.match(/did you mean "(.*?)"/)?.[1]);
    expect(found).toEqual([
      'master',
      'repl-backlog-size',
      undefined,
      'PING',
      'set',
      'partial/replid',
      'connected_slaves',
    ]);
  });

  it('stands on a line of its own below the problem', () => {
    expect(problemsOf(timeline('{ at: 1s, kill: D }'))).toEqual([
      '5:21: there is no node "D"\n  hint: one of: A, B',
    ]);
  });
});

it('all problems of a file are reported at once, in its order', () => {
  const text =
    timeline('{ at: 99s, kill: D }', '{ at: 1, on: A, run: NOPE }', '{ foo: 1 }') +
    'expect:\n  - { psync: A, is: [x] }\n';
  const places = messagesOf(text).map((message) => message.split(': ')[0]);
  expect(places).toEqual(['5:11', '5:22', '6:11', '6:26', '7:7', '9:14', '9:22']);
});
