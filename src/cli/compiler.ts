import { setFlagsFromString } from 'node:v8';

/**
 * By the major version of V8, what makes it wait longer before it optimizes a function. A run of a lesson is a few
 * milliseconds of code that differs from the last one's: by default a quarter of the whole library's time goes into
 * optimizing functions that are hardly called again. Long runs lose nothing by it. V8 13 and later (Node 24) have a
 * quick compiler in between, and need no such word; a flag that a version does not know would be complained of.
 */
const PATIENCE: Readonly<Record<string, string>> = {
  // Node 20; 135168 without.
  11: '--interrupt-budget=500000',
  // Node 22; 3000 without.
  12: '--invocation-count-for-turbofan=10000',
};

/** Sets the compiler of this process, and of threads that it starts from now on, to many short runs. */
export function optimizePatiently(): void {
  const [major = ''] = process.versions.v8.split('.');
  const flag = PATIENCE[major];
  if (flag !== undefined) setFlagsFromString(flag);
}
