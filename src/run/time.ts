/** Virtual microseconds as milliseconds with at most three decimals, as results give them. */
export function toMs(micros: number): number {
  return Math.round(micros) / 1000;
}

/** A time or a span for people: `12.003s`, `41ms`, `250us`. */
export function timeText(micros: number): string {
  const size = Math.abs(micros);
  if (size >= 1_000_000) return `${Math.round(micros / 1000) / 1000}s`;
  if (size >= 1000) return `${micros / 1000}ms`;
  return `${micros}us`;
}
