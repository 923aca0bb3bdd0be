import { safeJson } from '../terminal/sanitize.ts';
import type { Reporter, Write } from './reporter.ts';

/** One JSON array with one element for each run, written as the runs come. */
export function jsonReporter(write: Write): Reporter {
  let empty = true;
  return {
    run({ result }) {
      write(`${empty ? '[\n' : ',\n'}${safeJson(result, 2)}`);
      empty = false;
    },
    end() {
      write(empty ? '[]\n' : '\n]\n');
    },
  };
}

/** One run a line, each a JSON document of its own. */
export function ndjsonReporter(write: Write): Reporter {
  return {
    run({ result }) {
      write(`${safeJson(result)}\n`);
    },
    end() {},
  };
}
