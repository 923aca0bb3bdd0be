import type { RunResult } from '../run/result.ts';
import { formatCase, formatClock, plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { failureLines } from './failure-text.ts';
import type { Report, Reporter, Write } from './reporter.ts';
import { storyLines } from './story.ts';

/** GitLab refuses large texts; the end of a story is what a failure needs. */
const STORY_LIMIT = 64_000;

/**
 * JUnit XML, within what the strict readers (Jenkins' xunit schema) take: one test suite for each scenario
 * file, one test case for each run. `time` is virtual, since wall time would differ from run to run.
 */
export function junitReporter(write: Write): Reporter {
  const suites = new Map<string, Report[]>();
  return {
    run(report) {
      const suite = suites.get(report.result.scenario);
      if (suite === undefined) suites.set(report.result.scenario, [report]);
      else suite.push(report);
    },
    end(summary) {
      const root = `name="psynclab" tests="${summary.runs}" failures="${summary.failed}" errors="0"`;
      write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${root}>\n`);
      for (const [file, reports] of suites) writeSuite(write, file, reports);
      write('</testsuites>\n');
    },
  };
}

function writeSuite(write: Write, file: string, reports: readonly Report[]): void {
  const failed = reports.filter(({ result }) => !result.ok).length;
  const millis = reports.reduce((sum, { result }) => sum + result.duration_ms, 0);
  const counts = `tests="${reports.length}" failures="${failed}" errors="0" skipped="0"`;
  write(`  <testsuite name="${attribute(file)}" ${counts} time="${seconds(millis)}">\n`);
  for (const report of reports) writeCase(write, report);
  write('  </testsuite>\n');
}

function writeCase(write: Write, { result, story, repeat }: Report): void {
  const head = `name="${attribute(caseName(result))}" classname="${attribute(result.scenario)}"`;
  const open = `    <testcase ${head} time="${seconds(result.duration_ms)}"`;
  if (result.ok) {
    write(`${open}/>\n`);
    return;
  }
  const first = result.failures[0];
  const others = result.failures.length - 1;
  const message = `${first?.message ?? 'failed'}${others > 0 ? ` (and ${plural(others, 'failure')} more)` : ''}`;
  const body = [...result.failures.flatMap(failureLines), `repeat: ${sanitizeLine(repeat)}`].join('\n');
  write(`${open}>\n`);
  write(`      <failure type="${first?.kind ?? 'expectation'}" message="${attribute(message)}">`);
  write(`${content(body)}</failure>\n`);
  if (story !== null) {
    const text = storyLines(story).join('\n').slice(-STORY_LIMIT);
    write(`      <system-out>${content(text)}</system-out>\n`);
  }
  write('    </testcase>\n');
}

/** GitLab uses only the first of two cases with one name, so case and seed are part of it. */
function caseName(result: RunResult): string {
  const values = formatCase(result.case);
  return `${result.name}${values === '' ? '' : ` [${values}]`} (seed ${result.seed})`;
}

function seconds(millis: number): string {
  return formatClock(millis * 1000);
}

function attribute(text: string): string {
  return content(sanitizeLine(text)).replace(/"/g, '&quot;');
}

/** Text of lines that are sanitized already. */
function content(text: string): string {
  return text
    .replace(UNWRITABLE, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** What XML 1.0 has no way to write and a sanitized text may still have. */
const UNWRITABLE = /[\p{Cs}\ufffe\uffff]/gu;
