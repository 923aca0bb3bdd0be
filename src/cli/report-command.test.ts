import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Outcome, type Reader, ROOT, runReal } from './real.test-helper.ts';

const SCENARIO = `name: B is away while A writes
duration: 12s
nodes:
  A: { config: { repl-backlog-size: 16kb, repl-ping-replica-period: 3600 } }
  B: { replicaof: A }
timeline:
  - { at: 2s, reset: A <-> B }
  - { after: 0s, on: A, repeat: { times: 150, run: "SET key:{n} {bytes:100}" } }
`;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'psynclab-report-'));
  writeFileSync(join(cwd, 'away.yaml'), SCENARIO);
});
afterEach(() => rmSync(cwd, { recursive: true }));

function reported(argv: readonly string[], reader: Reader = {}): Promise<Outcome> {
  return runReal(['report', ...argv], { cwd, ...reader });
}

const written = (folder = 'reports'): string[] =>
  (readdirSync(join(cwd, folder), { recursive: true }) as string[]).sort();

describe('report', () => {
  test('writes Markdown with its pictures and names it', async () => {
    const { code, stdout, stderr } = await reported(['away.yaml', '--format', 'md']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'reports/away.md\n', stderr: '' });
    expect(written()).toEqual(['away', 'away.md', 'away/decision-2.svg']);
    const text = readFileSync(join(cwd, 'reports/away.md'), 'utf8');
    expect(text).toContain('`full/backlog-overwritten`');
    expect(text).toContain('npx psynclab run away.yaml --seed 1');
    expect(text).toContain('- `partial/replid`: A.repl-backlog-size of at least 20013 bytes (it was 16384)');
  });

  test('writes both formats unless one is chosen', async () => {
    expect((await reported(['away.yaml'])).stdout).toBe('reports/away.md\nreports/away.html\n');
    expect((await reported(['away.yaml', '--format', 'html', '--out', 'pages'])).stdout).toBe(
      'pages/away.html\n',
    );
    expect(written('pages')).toEqual(['away.html']);
  });

  test('gives the same bytes again', async () => {
    const bytes = async (out: string): Promise<string[]> => {
      await reported(['away.yaml', '--format', 'md', '--out', out]);
      return ['away.md', 'away/decision-2.svg'].map((file) => readFileSync(join(cwd, out, file), 'utf8'));
    };
    expect(await bytes('one')).toEqual(await bytes('two'));
  });

  test('of a lesson is what the gallery has, also of its other cases', async () => {
    await runReal(['report', 'scenarios/03-backlog/one-byte-decides.yaml', '--format', 'md', '--out', cwd]);
    const name = '03-backlog/one-byte-decides.md';
    expect(readFileSync(join(cwd, name), 'utf8')).toBe(
      readFileSync(new URL(`reports/${name}`, ROOT), 'utf8'),
    );
  });

  test('takes --seed, --set and --out, and the command that repeats the run has them', async () => {
    const set = ['--seed', '9', '--set', 'A.repl-backlog-size=32kb'];
    const { stdout } = await reported(['away.yaml', '--format', 'md', '--out', 'deep/er', ...set]);
    expect(stdout).toBe('deep/er/away.md\n');
    const text = readFileSync(join(cwd, 'deep/er/away.md'), 'utf8');
    expect(text).toContain('`partial/replid`');
    expect(text).toContain('npx psynclab run away.yaml --seed 9 --set A.repl-backlog-size=32kb');
  });

  test('puts the cases of a file into one Markdown file, and --case chooses among them', async () => {
    writeFileSync(
      join(cwd, 'cases.yaml'),
      SCENARIO.replace('16kb', '"${'.concat('size}"')).replace(
        'nodes:',
        'matrix: { size: [16kb, 32kb] }\nnodes:',
      ),
    );
    await reported(['cases.yaml', '--format', 'md']);
    const text = readFileSync(join(cwd, 'reports/cases.md'), 'utf8');
    expect(text.match(/^## Case .*$/gm)).toEqual(['## Case 1: size=16kb', '## Case 2: size=32kb']);
    await reported(['cases.yaml', '--format', 'md', '--case', 'size=32kb']);
    expect(readFileSync(join(cwd, 'reports/cases.md'), 'utf8')).not.toContain('## Case');
  });

  test('--handout asks first', async () => {
    const { stdout } = await reported(['away.yaml', '--handout']);
    expect(stdout).toBe('reports/away.handout.md\n');
    const [questions, answers] = readFileSync(join(cwd, 'reports/away.handout.md'), 'utf8').split(
      '## Answers',
    );
    expect(questions).not.toContain('overwritten');
    expect(answers).toContain('full/backlog-overwritten');
  });

  test('a run that fails is reported too', async () => {
    writeFileSync(
      join(cwd, 'away.yaml'),
      `${SCENARIO}expect:\n  - { psync: B -> A, last: partial/replid }\n`,
    );
    const { code } = await reported(['away.yaml', '--format', 'md']);
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'reports/away.md'), 'utf8')).toContain('**✗ 1 failure**');
  });

  test('tells a terminal how far it is', async () => {
    const { stderr } = await reported(['away.yaml', '--format', 'md'], { columns: 60 });
    expect(stderr).toContain('\r\u001b[K0 of 1 written, now away.yaml');
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  });
});

describe('--open', () => {
  test('shows the report', async () => {
    expect((await reported(['away.yaml', '--open'])).opened).toEqual([join(cwd, 'reports/away.html')]);
    const { opened } = await reported(['away.yaml', '--format', 'md', '--open']);
    expect(opened).toEqual([join(cwd, 'reports/away.md')]);
  });

  test('shows the first of several, and says so', async () => {
    writeFileSync(join(cwd, 'b.yaml'), SCENARIO);
    const { opened, stderr } = await reported(['.', '--format', 'md', '--open']);
    expect(opened).toEqual([join(cwd, 'reports/away.md')]);
    expect(stderr).toContain('opened reports/away.md, the first of 2');
  });

  test('shows nothing in a CI', async () => {
    const outcome = await reported(['away.yaml', '--format', 'md', '--open'], { env: { CI: 'true' } });
    expect(outcome.opened).toEqual([]);
    expect(outcome.stderr).toContain('this is a CI');
  });
});

test('ctrl-C leaves what is written and starts nothing more', async () => {
  writeFileSync(join(cwd, 'b.yaml'), SCENARIO);
  const { code, stdout } = await reported(['away.yaml', 'b.yaml', '--format', 'md'], { interruptedAt: 1 });
  expect({ code, stdout }).toEqual({ code: 130, stdout: 'reports/away.md\n' });
  expect(existsSync(join(cwd, 'reports/b.md'))).toBe(false);
});

describe('refused with a reason', () => {
  test.each([
    [[], 'report what?'],
    [['nowhere.yaml'], 'nowhere.yaml: no such file'],
    [['away.yaml', '--format', 'pdf'], 'there is no format "pdf"'],
    [['away.yaml', '--format', 'md,'], 'there is no format ""'],
    [['away.yaml', '--format', 'htm'], 'did you mean "html"?'],
    [['away.yaml', '--handout', '--format', 'html'], '--handout is Markdown'],
    [['away.yaml', '--seed'], '--seed needs a value'],
    [['away.yaml', '--case', 'a=1'], 'there are no cases'],
    [['away.yaml', '--max-events', '0'], '--max-events cannot be "0"'],
    [['away.yaml', '--set', 'Z.hz=1'], 'Z'],
    [['away.yaml', '--out', 'away.yaml'], '--out away.yaml cannot be written: a file stands in its way'],
    [['away.yaml', '--out', 'away.yaml/x'], '--out away.yaml/x cannot be written: a file stands in its way'],
    [['away.yaml', '--out', '/proc/x'], '--out /proc/x cannot be written: '],
  ])('%j', async (argv, reason) => {
    const { code, stdout, stderr } = await reported(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
    expect(existsSync(join(cwd, 'reports'))).toBe(false);
  });

  test('a wrong scenario, where it is wrong', async () => {
    writeFileSync(join(cwd, 'typo.yaml'), SCENARIO.replace('replicaof', 'replicof'));
    const { code, stderr } = await reported(['typo.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('typo.yaml:5:8: unknown key "replicof"');
  });

  test('two files that would have one report', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'psynclab-report-'));
    writeFileSync(join(elsewhere, 'away.yaml'), SCENARIO);
    const { code, stderr } = await reported(['away.yaml', join(elsewhere, 'away.yaml')]);
    rmSync(elsewhere, { recursive: true });
    expect(code).toBe(2);
    expect(stderr).toContain('would have the same report');
  });

  test('a folder for pictures where a file stands', async () => {
    await reported(['away.yaml', '--format', 'md']);
    rmSync(join(cwd, 'reports/away'), { recursive: true });
    writeFileSync(join(cwd, 'reports/away'), '');
    const { code, stderr } = await reported(['away.yaml', '--format', 'md']);
    expect(code).toBe(2);
    expect(stderr).toContain('reports/away/decision-2.svg cannot be written: a file stands in its way');
  });

  test.skipIf(process.getuid?.() === 0)('a folder that is not ours', async () => {
    chmodSync(cwd, 0o500);
    const { code, stderr } = await reported(['away.yaml']);
    chmodSync(cwd, 0o700);
    expect(code).toBe(2);
    expect(stderr).toContain('--out reports cannot be written: ');
  });
});
