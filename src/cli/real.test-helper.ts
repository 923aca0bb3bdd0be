import type { Engine } from './engine.ts';
import type { Io } from './io.ts';
import { main } from './program.ts';

/** The project's directory. */
export const ROOT = new URL('../../', import.meta.url);

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files that were shown. */
  readonly opened: readonly string[];
}

const engine = {
  scenarios: () => import('../scenario/index.ts'),
  runs: () => {
    throw new Error('this command plays its own runs');
  },
} as unknown as Engine;

export interface Reader {
  /** What is typed when something is asked. */
  readonly answers?: readonly string[];
  /** The width of the terminal; none without. */
  readonly columns?: number;
  /** Where it runs; else in the project's directory. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The pause, counted from 0, from which on ctrl-C was pressed. */
  readonly interruptedAt?: number;
}

/** Runs a command line with the real simulator, in the project's directory. */
export async function runReal(
  argv: readonly string[],
  {
    answers = [],
    columns,
    cwd = ROOT.pathname,
    env = {},
    interruptedAt = Number.POSITIVE_INFINITY,
  }: Reader = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
    write: (text) => {
      written[name] += text;
    },
    columns,
  });
  const left = [...answers];
  const opened: string[] = [];
  let pauses = 0;
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => '',
    readPipe: async () => '',
    ask: async () => left.shift() ?? null,
    open: (file) => {
      opened.push(file);
    },
    env: { NO_COLOR: '1', ...env },
    cwd,
    sliceMs: 50,
    interruptible: (work) => work(),
    pause: async () => (pauses++ >= interruptedAt ? 'interrupted' : 'go'),
  };
  const code = await main(argv, io, engine);
  return { code, ...written, opened };
}
