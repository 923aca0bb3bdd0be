import { sanitizeLine, sanitizeLines } from '../terminal/sanitize.ts';
import type { Io } from './io.ts';

/**
 * Reports an exception that psynclab did not expect: a defect of its own, never of a scenario. One line and
 * the command that repeats it; the stack only for who asks with PSYNCLAB_DEBUG=1.
 */
export function writeContradiction(error: unknown, repeat: string, io: Pick<Io, 'stderr' | 'env'>): void {
  const message = error instanceof Error ? error.message : String(error);
  io.stderr.write(`psynclab contradicted itself: ${sanitizeLine(message)}\n`);
  io.stderr.write(`repeat it with: ${repeat}\n`);
  if (io.env.PSYNCLAB_DEBUG === '1' && error instanceof Error) {
    io.stderr.write(`${sanitizeLines(error.stack ?? '')}\n`);
  } else {
    io.stderr.write('PSYNCLAB_DEBUG=1 adds where in the program it happened\n');
  }
}
