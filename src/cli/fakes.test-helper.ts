import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { failureOf, resultOf } from '../reporters/result.test-helper.ts';
import type { StoryEvent } from '../run/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Engine, RunOptions } from './engine.ts';
import type { Io, Output, Weather } from './io.ts';
import { main } from './program.ts';

/** What a test says about the world around the program, and what it finds there afterwards. */
export interface Stage {
  readonly cwd: string;
  stdin?: string;
  /** The width of the terminal; none, without. */
  columns?: number;
  env?: Record<string, string>;
  /** Told by the pause with this number, counted from 0, and by all after it. */
  weather?: { readonly from: number; readonly is: Weather };
  pause?: Io['pause'];
  /** Seeds that fail. */
  failing?: readonly string[];
  /** Is called instead of a run. */
  run?: (scenario: Scenario, options: RunOptions) => void;
  /** In how many pieces each run is played; one, without. */
  pieces?: number;
  /** The trace hash of the run with this number, counted from 1. */
  traceHash?: (run: number) => string;
  readonly runs: RunOptions[];
  /** Files that were shown. */
  readonly opened?: string[];
}

/** A fresh directory with these files. */
export function stageWith(files: Readonly<Record<string, string>>): Stage {
  const cwd = mkdtempSync(join(tmpdir(), 'psynclab-test-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  return { cwd, runs: [] };
}

/** Runs the program with an engine that simulates nothing. */
export async function play(
  stage: Stage,
  ...argv: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      written[name] += text;
    },
    columns: stage.columns,
  });
  let pauses = 0;
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => stage.stdin ?? '',
    readPipe: async () => stage.stdin ?? '',
    ask: async () => null,
    open: (file) => {
      stage.opened?.push(file);
    },
    env: stage.env ?? {},
    cwd: stage.cwd,
    sliceMs: 0,
    interruptible: (work) => work(),
    pause:
      stage.pause ??
      (async () => {
        const { weather } = stage;
        return weather !== undefined && pauses++ >= weather.from ? weather.is : 'go';
      }),
  };
  const code = await main(argv, io, fakeEngine(stage));
  return { code, ...written };
}

const STORY: readonly StoryEvent[] = [{ at: 0, event: 0, node: 'A', kind: 'note', text: 'once upon a time' }];

/** Takes `name:` lines for scenarios (one each, so two make two cases) and `problem:` lines for problems. */
function fakeEngine(stage: Stage): Engine {
  return {
    scenarios: async () => ({
      loadScenarioFile: (text, file, options) => {
        const lines = text.split('\n');
        const problems = lines.flatMap((line, index) =>
          line.startsWith('problem: ')
            ? [{ position: { file, line: index + 1, column: 1 }, message: line.slice(9), hint: 'mend it' }]
            : [],
        );
        if (problems.length > 0) return { ok: false, problems };
        const names = lines.filter((line) => line.startsWith('name: '));
        const scenarios = names.map((line, index) => ({
          ...scenarioOf(file, line.slice(6), names.length > 1 ? index : null),
          ...(options.seed === undefined ? {} : { seed: options.seed }),
        }));
        return { ok: true, scenarios };
      },
      formatProblem: ({ position, message, hint }) =>
        `${position.file}:${position.line}:${position.column}: ${message}\n  hint: ${hint}`,
      scenarioJsonSchema: () => ({ title: 'scenario' }),
    }),
    runs: async () => ({
      startRun: (scenario, options) => {
        stage.runs.push(options);
        stage.run?.(scenario, options);
        const { file, name } = scenario;
        const seed = options.seed ?? scenario.seed;
        const trace_hash = stage.traceHash?.(stage.runs.length) ?? 'same';
        const ok = !(stage.failing ?? []).includes(seed);
        const failures = ok ? [] : [failureOf({ file })];
        const result = resultOf({
          scenario: file,
          name,
          seed,
          case: scenario.case,
          ok,
          failures,
          trace_hash,
        });
        let pieces = stage.pieces ?? 1;
        return {
          advance: () => --pieces <= 0,
          outcome: () => ({ result, story: options.story ? STORY : [] }),
        };
      },
      suggestExpectations: () => 'expect:\n  - { converged: [A] }',
    }),
  };
}

function scenarioOf(file: string, name: string, index: number | null): Scenario {
  return {
    file,
    name,
    about: '',
    tags: ['lesson', name],
    profile: 'redis-5.0',
    seed: '7',
    duration: 1_000_000,
    nodes: [],
    links: { default: { latency: 0, jitter: 0, loss: 0, bandwidth: 1 }, directions: [] },
    clients: [],
    workload: [],
    timeline: [],
    nemesis: null,
    expect: [],
    snapshots: [],
    knownFailure: null,
    mutants: [],
    confirmed: [],
    case: index === null ? null : { size: `${index}kb` },
    notes: [{ position: { file, line: 2, column: 3 }, message: 'tcp-keepalive has no effect' }],
    plain: () => ({}),
  };
}
