import { expect, test } from 'vitest';
import type { GithubOptions } from './github.ts';
import { githubReporter } from './github.ts';
import { jsonReporter, ndjsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import type { Report, Reporter, Summary, Write } from './reporter.ts';
import { failedReport, failureOf, HOSTILE, reportOf, resultOf } from './result.test-helper.ts';
import { tapReporter } from './tap.ts';

const GITHUB: GithubOptions = { path: (file) => file, summary: null };

function render(
  create: (write: Write) => Reporter,
  reports: readonly Report[],
  stopped: Summary['stopped'] = null,
): string {
  let text = '';
  const reporter = create((part) => {
    text += part;
  });
  for (const report of reports) reporter.run(report);
  const failed = reports.filter(({ result }) => !result.ok).length;
  reporter.end({
    runs: reports.length,
    failed,
    planned: reports.length + (stopped === null ? 0 : 5),
    stopped,
  });
  return text;
}

const hostile = failedReport([failureOf({ message: HOSTILE, expected: HOSTILE, file: HOSTILE })], {
  name: HOSTILE,
  scenario: HOSTILE,
  seed: HOSTILE,
  case: { [HOSTILE]: HOSTILE },
});

test('no reporter lets a control character of a scenario through', () => {
  const creators = [jsonReporter, ndjsonReporter, tapReporter, junitReporter];
  for (const create of [...creators, (write: Write) => githubReporter(write, GITHUB)]) {
    const text = render(create, [hostile, reportOf(resultOf({ name: HOSTILE }))]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

test('json is one array, also without a run and after an interruption', () => {
  const reports = [reportOf(resultOf()), failedReport()];
  expect(JSON.parse(render(jsonReporter, reports))).toEqual(reports.map(({ result }) => result));
  expect(JSON.parse(render(jsonReporter, [], 'interrupted'))).toEqual([]);
  expect(JSON.parse(render(jsonReporter, reports, 'interrupted'))).toHaveLength(2);
});

test('ndjson is one document a line', () => {
  const lines = render(ndjsonReporter, [reportOf(resultOf()), hostile]).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(['a failover', HOSTILE]);
});

test('TAP has a version, numbered lines, escaped # and a plan at the end', () => {
  const text = render(tapReporter, [reportOf(resultOf({ name: 'issue #5 \\' })), failedReport()]);
  const lines = text.split('\n');
  expect(lines[0]).toBe('TAP version 13');
  expect(lines[1]).toBe('ok 1 - failover.yaml seed 7: issue \\#5 \\\\');
  expect(lines[2]).toBe('not ok 2 - failover.yaml seed 7: a failover');
  expect(lines.slice(3)).toContain('  ---');
  expect(text.endsWith('  ...\n1..2\n')).toBe(true);
});

test("TAP's details are YAML that every reader takes: single quotes, one line each", () => {
  const text = render(tapReporter, [failedReport([failureOf({ message: "it's\n\\u0007" })])]);
  expect(text).toContain("\n  message: 'it''s\\n\\u0007'\n");
  const lines = [
    "    - place: 'failover.yaml:31:5'",
    "      kind: 'expectation'",
    "      message: 'it''s\\n\\u0007'",
    "      expected: 'partial/replid2'",
    "      was: 'full/forced'",
  ];
  expect(text).toContain(`${lines.join('\n')}\n`);
});

test('TAP bails out where runs are missing that nobody asked to leave out', () => {
  expect(render(tapReporter, [failedReport()], 'interrupted')).toContain(
    'Bail out! interrupted after 1 of 6\n',
  );
  expect(render(tapReporter, [failedReport()], 'bail')).toMatch(/1\.\.1\n$/);
});

test('JUnit escapes what XML needs and spells out what it cannot hold', () => {
  const text = render(junitReporter, [failedReport([failureOf({ message: 'a < b && "c"\nd\u001b\ud800' })])]);
  expect(text).toContain('message="a &lt; b &amp;&amp; &quot;c&quot;\\nd\\x1b\ufffd"');
  expect(text).toContain('failover.yaml:31:5: expectation: a &lt; b &amp;&amp; "c"\\nd\\x1b');
  expect(text).toContain('repeat: npx psynclab run failover.yaml --seed 7</failure>');
});

test('JUnit gives every run of a file a name of its own in one suite', () => {
  const seeds = ['1', '2'].map((seed) => reportOf(resultOf({ seed, case: { backlog: 100 } })));
  const text = render(junitReporter, [...seeds, failedReport()]);
  expect(text.match(/<testsuite /g)).toHaveLength(1);
  expect(text).toContain(
    '<testsuite name="failover.yaml" tests="3" failures="1" errors="0" skipped="0" time="180.000">',
  );
  const names = [...text.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name);
  expect(names).toEqual([
    'a failover [backlog=100] (seed 1)',
    'a failover [backlog=100] (seed 2)',
    'a failover (seed 7)',
  ]);
});

test('JUnit keeps the end of a story that is too long', () => {
  const story = Array.from(
    { length: 5000 },
    (_, i) => ({ at: i, event: 0, node: 'A', kind: 'log', text: `line ${i}` }) as const,
  );
  const text = render(junitReporter, [{ ...failedReport(), story }]);
  expect(text.length).toBeLessThan(70_000);
  expect(text).toContain('line 4999</system-out>');
});

test('GitHub annotations escape what separates them', () => {
  const text = render(
    (write) => githubReporter(write, GITHUB),
    [failedReport([failureOf({ file: 'a,b:c.yaml', message: '100% wrong' })])],
  );
  expect(text).toContain(
    '::error file=a%2Cb%3Ac.yaml,line=31,col=5,title=psynclab%3A expectation::100%25 wrong%0A',
  );
});

test('GitHub shows ten annotations: of more, nine and how many are left', () => {
  const failures = (count: number) =>
    Array.from({ length: count }, (_, i) => failureOf({ line: i + 1, message: `number ${i + 1}` }));
  const annotations = (count: number) =>
    render((write) => githubReporter(write, GITHUB), [failedReport(failures(count))]).match(
      /^::error .*$/gm,
    )!;
  expect(annotations(10)).toHaveLength(10);
  expect(annotations(10)[9]).toContain('number 10');
  expect(annotations(11)).toHaveLength(10);
  expect(annotations(11)[9]).toContain('and 2 failures more');
});

test('GitHub gets one annotation for a line that fails with many seeds', () => {
  const reports = ['1', '2', '3'].map((seed) => failedReport([failureOf()], { seed }));
  const text = render((write) => githubReporter(write, GITHUB), reports);
  expect(text.match(/^::error /gm)).toHaveLength(1);
  expect(text).toContain('in 3 runs, the first: failover.yaml seed 1');
});

test("GitHub's job summary names the failed runs and stays below its limit", () => {
  let summary = '';
  const options: GithubOptions = {
    path: (file) => file,
    summary: (text) => {
      summary += text;
    },
  };
  const long = 'x'.repeat(2000);
  const reports = Array.from({ length: 1000 }, (_, i) =>
    failedReport([failureOf({ message: `|${long}` })], { seed: `${i}` }),
  );
  render((write) => githubReporter(write, options), reports);
  expect(summary).toContain('1000 runs: 0 passed, 1000 failed');
  expect(summary).toContain('\\|xxx');
  expect(summary.length).toBeLessThan(1_000_000);
  expect(summary).toMatch(/and \d+ failed runs more\n$/);
});

test('a failure without a file in the repository is annotated without a place', () => {
  const options: GithubOptions = { path: () => null, summary: null };
  expect(render((write) => githubReporter(write, options), [failedReport()])).toContain(
    '\n::error title=psynclab%3A expectation::psync C -> B',
  );
});
