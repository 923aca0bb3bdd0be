import type { Failure } from '../run/result.ts';
import { formatRunId } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { failureDetails, formatLocation } from './failure-text.ts';
import type { Reporter, Write } from './reporter.ts';

const STOPPED = {
  interrupted: 'interrupted',
  contradiction: 'psynclab contradicted itself',
  wrong: 'a scenario is wrong',
};

/**
 * TAP version 13, the newest that Perl's prove reads. The plan stands at the end, since `--bail` and ctrl-C
 * decide how many runs there are.
 */
export function tapReporter(write: Write): Reporter {
  let number = 0;
  write('TAP version 13\n');
  return {
    run({ result, repeat }) {
      number++;
      const description = describe(`${formatRunId(result)}: ${sanitizeLine(result.name)}`);
      write(`${result.ok ? 'ok' : 'not ok'} ${number} - ${description}\n`);
      if (result.ok) return;
      write('  ---\n');
      write(`  message: ${scalar(result.failures[0]?.message ?? 'failed')}\n`);
      write(`  severity: fail\n`);
      if (result.failures.length > 0) write('  failures:\n');
      for (const failure of result.failures) write(failureItem(failure));
      write(`  repeat: ${scalar(repeat)}\n`);
      write('  ...\n');
    },
    end(summary) {
      if (summary.stopped === null || summary.stopped === 'bail') write(`1..${number}\n`);
      else write(`Bail out! ${STOPPED[summary.stopped]} after ${number} of ${summary.planned}\n`);
    },
  };
}

/** A backslash and `#` would start an escape or a directive. */
function describe(text: string): string {
  return text.replace(/[\\#]/g, '\\$&');
}

/** An element of the list of failures; a map, since prove takes a text with a colon in a list for one. */
function failureItem(failure: Failure): string {
  const fields = [
    { label: 'place', text: formatLocation(failure) },
    { label: 'kind', text: failure.kind },
    { label: 'message', text: failure.message },
    ...failureDetails(failure),
  ];
  return fields
    .map(({ label, text }, i) => `    ${i === 0 ? '-' : ' '} ${label}: ${scalar(text)}\n`)
    .join('');
}

/** A quoted YAML scalar. prove's reader knows few escapes of double quotes, but all of single ones: `''`. */
function scalar(text: string): string {
  return `'${sanitizeLine(text).replaceAll("'", "''")}'`;
}
