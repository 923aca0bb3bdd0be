import { sanitizeLine } from '../terminal/sanitize.ts';
import { truncate } from '../terminal/width.ts';
import type { Io } from './io.ts';

/** One line on a terminal, written over and over, and taken away by an empty text; nothing elsewhere. */
export function progressLine(io: Pick<Io, 'stderr'>): (text: string) => void {
  const { columns } = io.stderr;
  if (columns === undefined) return () => {};
  return (text) => io.stderr.write(`\r\u001b[K${truncate(sanitizeLine(text), columns - 1)}`);
}
