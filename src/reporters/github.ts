import type { Failure } from '../run/result.ts';
import { formatRunId, plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { failureDetails } from './failure-text.ts';
import type { Report, Reporter, Summary, Write } from './reporter.ts';

/** GitHub shows ten annotations of a kind for each step and drops the rest without a word. */
const ANNOTATION_LIMIT = 10;
/** A job summary beyond 1 MiB is not shown at all. */
const SUMMARY_LIMIT = 900_000;

export interface GithubOptions {
  /** A scenario's path relative to the repository, or null for what is no file in it. */
  readonly path: (file: string) => string | null;
  /** Appends Markdown to the job's summary; null outside of a job. */
  readonly summary: ((markdown: string) => void) | null;
}

/** One place that failed, with the runs it failed in. */
interface Finding {
  readonly failure: Failure;
  readonly first: Report;
  runs: number;
}

/** A line for each run, annotations at the failing lines of the scenarios, and a table in the job's summary. */
export function githubReporter(write: Write, options: GithubOptions): Reporter {
  const findings = new Map<string, Finding>();
  const rows: string[] = [];
  return {
    run(report) {
      const { result } = report;
      write(`${result.ok ? 'ok  ' : 'FAIL'} ${formatRunId(result)}: ${sanitizeLine(result.name)}\n`);
      if (result.ok) return;
      rows.push(summaryRow(report));
      for (const failure of result.failures) {
        const key = `${failure.file}:${failure.line}:${failure.column}:${failure.kind}`;
        const known = findings.get(key);
        if (known === undefined) findings.set(key, { failure, first: report, runs: 1 });
        else known.runs++;
      }
    },
    end(summary) {
      writeAnnotations(write, [...findings.values()], options);
      write(`${summaryLine(summary)}\n`);
      options.summary?.(summaryMarkdown(summary, rows));
    },
  };
}

function writeAnnotations(write: Write, findings: readonly Finding[], options: GithubOptions): void {
  const shown = findings.length <= ANNOTATION_LIMIT ? findings.length : ANNOTATION_LIMIT - 1;
  for (const { failure, first, runs } of findings.slice(0, shown)) {
    const path = options.path(failure.file);
    const title = property(sanitizeLine(`psynclab: ${failure.kind}`));
    const place =
      path === null ? '' : `file=${property(sanitizeLine(path))},line=${failure.line},col=${failure.column},`;
    const lines = [
      sanitizeLine(failure.message),
      ...failureDetails(failure).map(({ label, text }) => `${label}: ${text}`),
      ...(runs > 1 ? [`in ${runs} runs, the first: ${formatRunId(first.result)}`] : []),
      `repeat: ${sanitizeLine(first.repeat)}`,
    ];
    write(`::error ${place}title=${title}::${data(lines.join('\n'))}\n`);
  }
  const rest = findings.length - shown;
  if (rest > 0)
    write(`::error title=psynclab::${data(`and ${plural(rest, 'failure')} more, see the log`)}\n`);
}

function summaryLine(summary: Summary): string {
  const stopped = summary.stopped === null ? '' : ` (stopped: ${summary.stopped}, of ${summary.planned})`;
  return `${plural(summary.runs, 'run')}: ${summary.runs - summary.failed} passed, ${summary.failed} failed${stopped}`;
}

function summaryRow({ result, repeat }: Report): string {
  const cell = (text: string) => sanitizeLine(text).replace(/[|\\`<>&*_[\]]/g, '\\$&');
  const first = result.failures[0];
  const where = first === undefined ? '' : `line ${first.line}: ${first.message}`;
  return `| ${cell(formatRunId(result))} | ${cell(where)} | ${cell(repeat)} |\n`;
}

function summaryMarkdown(summary: Summary, rows: readonly string[]): string {
  let text = `### psynclab\n\n${summaryLine(summary)}\n`;
  if (rows.length === 0) return text;
  text += '\n| run | first failure | repeat with |\n|---|---|---|\n';
  for (const [index, row] of rows.entries()) {
    if (text.length + row.length > SUMMARY_LIMIT) {
      return `${text}\nand ${plural(rows.length - index, 'failed run')} more\n`;
    }
    text += row;
  }
  return text;
}

/** The escapes of a workflow command's message. */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** The escapes of its properties, where `:` and `,` separate. */
function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
