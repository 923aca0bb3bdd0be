import type { Failure } from '../run/result.ts';
import { formatSeconds } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';

/** `FILE:LINE:COL`, as editors and terminals recognize it. */
export function formatLocation(failure: Pick<Failure, 'file' | 'line' | 'column'>): string {
  return `${sanitizeLine(failure.file)}:${failure.line}:${failure.column}`;
}

/** What was expected, what was, and when, one labelled line each; only what is known. */
export function failureDetails(failure: Failure): { label: string; text: string }[] {
  const details: { label: string; text: string }[] = [];
  if (failure.expected !== undefined) {
    details.push({ label: 'expected', text: sanitizeLine(failure.expected) });
  }
  if (failure.actual !== undefined) details.push({ label: 'was', text: sanitizeLine(failure.actual) });
  if (failure.at_ms !== undefined) details.push({ label: 'at', text: formatSeconds(failure.at_ms) });
  return details;
}

/** A failure in plain lines: where, what, and its details. */
export function failureLines(failure: Failure): string[] {
  return [
    `${formatLocation(failure)}: ${failure.kind}: ${sanitizeLine(failure.message)}`,
    ...failureDetails(failure).map(({ label, text }) => `  ${label}: ${text}`),
  ];
}
