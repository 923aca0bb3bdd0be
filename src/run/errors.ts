import type { Position } from '../scenario/scenario.ts';

export { SimulatorError } from '../../sim/kernel/assert.ts';

/** A scenario turned out to be wrong only while it ran (exit code 2). The message begins with file and line. */
export class ScenarioRunError extends Error {
  override readonly name = 'ScenarioRunError';
  readonly position: Position;
  readonly problem: string;
  readonly hint: string | null;

  constructor(position: Position, problem: string, hint: string | null = null) {
    super(`${position.file}:${position.line}:${position.column}: ${problem}`);
    this.position = position;
    this.problem = problem;
    this.hint = hint;
  }
}
