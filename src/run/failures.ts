import type { Position } from '../scenario/scenario.ts';
import type { Failure, FailureKind } from './result.ts';
import { toMs } from './time.ts';

/** What was expected and what was, for the reporters. */
export interface FailureDetails {
  readonly expected?: string;
  readonly actual?: string;
  /** When it showed, in microseconds. */
  readonly at?: number;
}

/** The failures of a run, in the order found. */
export class FailureLog {
  readonly list: Failure[] = [];

  add(kind: FailureKind, position: Position, message: string, details: FailureDetails = {}): void {
    const { expected, actual, at } = details;
    this.list.push({
      kind,
      message,
      file: position.file,
      line: position.line,
      column: position.column,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
      ...(at === undefined ? {} : { at_ms: toMs(at) }),
    });
  }
}
