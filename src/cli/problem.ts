import { sanitizeLines } from '../terminal/sanitize.ts';
import type { Io } from './io.ts';

/** Whether a scenario turned out to be wrong while it ran; its message names the line. */
export function isScenarioProblem(error: unknown): error is Error & { readonly hint?: string | null } {
  return error instanceof Error && error.name === 'ScenarioRunError';
}

export function writeProblem(error: Error & { readonly hint?: string | null }, io: Pick<Io, 'stderr'>): void {
  const hint = typeof error.hint === 'string' ? `  hint: ${error.hint}\n` : '';
  io.stderr.write(sanitizeLines(`${error.message}\n${hint}`));
}
