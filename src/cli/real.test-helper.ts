import type { Engine } from './engine.ts';
import type { Io } from './io.ts';
import { main } from './program.ts';

/** The project's directory. */
export const ROOT = new URL('../../', import.meta.url);

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
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
}

/** Runs a command line with the real simulator, in the project's directory. */
export async function runReal(
  argv: readonly string[],
  { answers = [], columns }: Reader = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
    write: (text) => {
      written[name] += text;
    },
    columns,
  });
  const left = [...answers];
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => '',
    readPipe: async () => '',
    ask: async () => left.shift() ?? null,
    env: { NO_COLOR: '1' },
    cwd: ROOT.pathname,
    interruptible: (work) => work(),
    pause: async () => 'go',
  };
  const code = await main(argv, io, engine);
  return { code, ...written };
}
