import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runScenario } from '../run/run.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { gatherEvidence } from './evidence.ts';
import { Explainer, type Explanation } from './explanation.ts';

const LESSONS = new URL('../../scenarios/', import.meta.url);

function lesson(file: string, change: (text: string) => string = (text) => text): Scenario {
  const text = change(readFileSync(new URL(file, LESSONS), 'utf8'));
  const loaded = loadScenarioFile(text, file, {});
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return loaded.scenarios[0]!;
}

function explanationOf(scenario: Scenario, number: number): Explanation {
  const evidence = gatherEvidence(scenario, scenario.seed);
  return new Explainer(evidence).explain(evidence.decisions[number - 1]!);
}

const steps = ({ causes }: Explanation): string[] =>
  causes.map(({ node, text }) => `${node ?? '-'}: ${text}`);

const OVERWRITTEN = '03-backlog/overwritten-while-the-link-was-down.yaml';
const AHEAD = '06-failover/old-master-is-ahead.yaml';

test('watching a run changes nothing of it', () => {
  for (const file of [OVERWRITTEN, AHEAD, '04-timeouts/half-open-link-only-one-side-knows.yaml']) {
    const scenario = lesson(file);
    expect(gatherEvidence(scenario, '7').result.trace_hash).toBe(
      runScenario(scenario, { seed: '7' }).result.trace_hash,
    );
  }
});

describe('an overwritten backlog', () => {
  const told = explanationOf(lesson(OVERWRITTEN), 2);

  test('is told from the next wanted byte to the last byte included', () => {
    expect(told.decided.record.decision.reason).toBe('backlog-overwritten');
    expect(told.asked).toBe('B has A#2 up to byte 50 and asks for the rest: the next byte it wants is 51');
    expect(told.wire.request).toMatch(/^PSYNC [0-9a-f]{40} 51$/);
    expect(told.wire.reply).toMatch(/^\+FULLRESYNC [0-9a-f]{40} 44850$/);
    expect(told.replyMeans).toBe('44850 is the last byte that the RDB includes');
  });

  test('is led back to the reset and to what was written', () => {
    expect(steps(told)).toEqual([
      '-: reset A <-> B',
      'B: it loses its link to A, having applied byte 50',
      'A: it has written 44800 bytes since byte 50, its backlog holds the last 16384',
    ]);
  });

  test('would have been large enough with just the bytes that were missed: 44850 less 50', () => {
    expect(told.counterfactuals.found[0]).toEqual({
      change: 'A.repl-backlog-size of at least 44800 bytes (it was 16384)',
      decision: 'partial/replid',
    });
    const last = (size: number): string => {
      const scenario = lesson(OVERWRITTEN);
      const nodes = scenario.nodes.map((node) =>
        node.name === 'A'
          ? { ...node, config: new Map(node.config).set('repl-backlog-size', [String(size)]) }
          : node,
      );
      return runScenario({ ...scenario, nodes }).result.decisions.at(-1)!.reason;
    };
    expect([last(44799), last(44800)]).toEqual(['backlog-overwritten', 'replid']);
  });

  test('would have sufficed, had the link been back at the moment named, and not a millisecond later', () => {
    const { change } = told.counterfactuals.found[1]!;
    const [, line, before] = /^line (\d+) at ([\d.]+)s or before, instead of 8s$/.exec(change)!;
    const last = (seconds: number): string => {
      const moved = lesson(OVERWRITTEN, (text) => {
        const lines = text.split('\n');
        lines[Number(line) - 1] = lines[Number(line) - 1]!.replace('at: 8s', `at: ${seconds}s`);
        return lines.join('\n');
      });
      return runScenario(moved).result.decisions.at(-1)!.reason;
    };
    expect([last(Number(before)), last(Number(before) + 0.001)]).toEqual(['replid', 'backlog-overwritten']);
  });

  test('costs the replica its cached master and its backlog at the reply, and gives it the data at the end', () => {
    const fields = told.effects.map(({ changes }) => changes.map(({ field }) => field));
    expect(fields).toHaveLength(2);
    expect(fields[0]).toEqual(expect.arrayContaining(['repl_state', 'cached_master', 'repl_backlog_size']));
    expect(fields[1]).toEqual(expect.arrayContaining(['repl_state', 'master_repl_offset']));
  });

  test('stands in both logs, and what is said of it there is all that is quoted', () => {
    const texts = told.lines.map(({ node, text }) => `${node} ${text}`);
    expect(texts).toContain(
      'A Unable to partial resync with replica 10.0.0.2:6379 for lack of backlog (Replica request was: 51).',
    );
    expect(texts.at(-1)).toBe('B MASTER <-> REPLICA sync: Finished with success');
  });
});

describe('an old master that is ahead', () => {
  const told = explanationOf(lesson(AHEAD), 4);

  test('is led back to the promotion and to its own demotion', () => {
    expect(steps(told)).toEqual([
      expect.stringMatching(/^B: REPLICAOF NO ONE.*its id becomes B#2/),
      expect.stringMatching(/^A: REPLICAOF B.*until then it was a master$/),
    ]);
  });

  test('could not have been helped, and it says which bytes are the reason', () => {
    expect(told.counterfactuals.found).toEqual([]);
    expect(told.counterfactuals.nothing).toMatch(
      /^A holds bytes that B's history never had, .* 51 up to 320/,
    );
  });
});

test('a backlog freed after its ttl names the shortest ttl that would have done', () => {
  const file = '03-backlog/replica-returns-after-the-ttl.yaml';
  const scenario = lesson(file);
  const told = explanationOf(scenario, 2);
  const [, least] = /^A\.repl-backlog-ttl of at least (\d+) seconds/.exec(
    told.counterfactuals.found[0]!.change,
  )!;
  const last = (seconds: number): string => {
    const nodes = scenario.nodes.map((node) =>
      node.name === 'A'
        ? { ...node, config: new Map(node.config).set('repl-backlog-ttl', [String(seconds)]) }
        : node,
    );
    return runScenario({ ...scenario, nodes }).result.decisions.at(-1)!.outcome;
  };
  expect([last(Number(least) - 1), last(Number(least))]).toEqual(['full', 'partial']);
  expect(steps(told).some((step) => step.startsWith('A: it frees its backlog'))).toBe(true);
});

test('the errors that refuse PSYNC and then SYNC are quoted as they came, also of a node that asks itself', () => {
  const replies = (file: string): (string | null)[] => {
    const scenario = lesson(file);
    const evidence = gatherEvidence(scenario, scenario.seed);
    const explainer = new Explainer(evidence);
    const refused = evidence.decisions.filter(({ record }) => record.decision.outcome === 'refused');
    return [...new Set(refused.map((one) => explainer.explain(one).wire.reply))];
  };
  expect(replies('10-auth-and-refusal/stale-data-refused-costs-the-subreplicas.yaml')).toEqual([
    "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  ]);
  expect(replies('10-auth-and-refusal/a-node-that-replicates-itself.yaml')).toEqual([
    "-NOMASTERLINK Can't SYNC while not connected with my master",
  ]);
});

test('a request that a client sent itself is led back to it', () => {
  const scenario = lesson('../fixtures/conform/raw-psync-of-a-client.yaml');
  const told = explanationOf(scenario, 3);
  expect(told.decided.replica).toBeNull();
  expect(steps(told)).toEqual([expect.stringMatching(/^A: a client of its own sends PSYNC \? -1/)]);
  expect(told.wire.reply).toMatch(/^\+FULLRESYNC [0-9a-f]{40} 50$/);
});

test('a partition is named where both ends fell silent', () => {
  const scenario = lesson('04-timeouts/silent-partition-both-sides-find-out.yaml');
  const evidence = gatherEvidence(scenario, scenario.seed);
  const back = evidence.decisions.find(({ onLink }) => onLink === 2)!;
  const told = steps(new Explainer(evidence).explain(back));
  expect(told.some((step) => step.startsWith('-: partition'))).toBe(true);
  expect(told.some((step) => /it hears nothing from A for longer than its repl-timeout/.test(step))).toBe(
    true,
  );
});

test('the promoted replica continues its sibling from the fence itself', () => {
  const told = explanationOf(lesson('06-failover/promoted-replica-serves-its-siblings.yaml'), 3);
  expect(told.wire.reply).toMatch(/^\+CONTINUE [0-9a-f]{40}$/);
  const [connected] = told.effects;
  expect(connected!.changes).toEqual(
    expect.arrayContaining([
      { field: 'replid', before: 'A#2', after: 'B#2' },
      { field: 'replid2', before: 'none', after: 'A#2' },
      { field: 'second_replid_offset', before: '-1', after: '9981' },
    ]),
  );
});

describe('how near a partial resynchronization was', () => {
  const margins = (scenario: Scenario, number: number): string[] =>
    explanationOf(scenario, number).counterfactuals.found.map(
      ({ change, decision }) => `${decision}: ${change}`,
    );

  test('to the fence: with one byte more of the old history it would have been a full one', () => {
    // B is promoted at offset 9980, where C is too: the fence is at 9981, the very byte that C wants next.
    expect(margins(lesson('06-failover/promoted-replica-serves-its-siblings.yaml'), 3)).toEqual([
      'full/replid2-offset: C wanting byte 9982 next, as it would with one byte more of A#2: ' +
        "B's own history begins at byte 9981, the fence, so it never had that byte",
      "full/backlog-overwritten: B's backlog beginning at byte 9982 (9981 bytes later), " +
        'as it would with room for 2168 bytes only',
    ]);
  });

  test('to both ends of the backlog', () => {
    // A holds bytes 1 to 44850, B wants byte 51: 44800 bytes of room are needed, and byte 44851 is A's next.
    const roomy = lesson(OVERWRITTEN, (text) => text.replace('backlog: 16kb', 'backlog: 64kb'));
    expect(margins(roomy, 2)).toEqual([
      'full/offset-ahead: B wanting byte 44852 next, as it would with 44801 bytes more of A#2: ' +
        'A has not written that far',
      "full/backlog-overwritten: A's backlog beginning at byte 52 (51 bytes later), " +
        'as it would with room for 44799 bytes only',
    ]);
  });
});
