import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repeatCommand } from '../../cli/run-plan.ts';
import { loadScenarioFile } from '../../scenario/load.ts';
import { formatProblem } from '../../scenario/problems.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { recordTrace } from '../../trace/record.ts';
import type { Trace } from '../../trace/trace.ts';
import { reportFiles, reportName } from '../files.ts';
import { otherDecisions } from '../markdown/document.ts';
import { type CourseEntry, coursePage, type Lesson } from './course.ts';

const LESSONS = 'scenarios';

/** A file of the gallery, by its path in `reports/`. */
export interface GalleryFile {
  readonly path: string;
  readonly text: string;
}

/** The lessons below a checkout's `scenarios/`, in their order. */
export function lessonFiles(root: string): string[] {
  return readdirSync(join(root, LESSONS), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${LESSONS}/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** Plays a lesson, in all of its cases. */
export function playLesson(root: string, file: string): Lesson {
  const readFile = (path: string): string | null =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
  const loaded = loadScenarioFile(readFileSync(join(root, file), 'utf8'), file, { readFile });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const [first, ...others] = loaded.scenarios;
  const trace = play(first!);
  return {
    name: reportName(file, root),
    traces: [trace, ...others.map((scenario) => playOther(scenario, trace))],
  };
}

/** Of a case after the first only what was decided otherwise is told: nothing else of it has to be proven. */
function playOther(scenario: Scenario, first: Trace): Trace {
  const trace = play(scenario, new Set());
  const told = otherDecisions(trace, first);
  return told.length === 0 ? trace : play(scenario, new Set(told.map(([{ number }]) => number)));
}

function play(scenario: Scenario, prove?: ReadonlySet<number>): Trace {
  const { seed } = scenario;
  const repeat = repeatCommand({ scenario, seed }, {});
  return recordTrace(scenario, seed, { repeat, ...(prove === undefined ? {} : { prove }) });
}

/** The files that show a lesson. */
export function lessonReport({ name, traces }: Lesson): GalleryFile[] {
  return reportFiles(name, traces, { formats: ['md'], handout: false });
}

/** The page that leads to all lessons. */
export function galleryPage(root: string, entries: readonly CourseEntry[]): GalleryFile {
  const introduction = readFileSync(join(root, 'src/report/gallery/introduction.md'), 'utf8');
  return { path: 'README.md', text: coursePage(entries, introduction) };
}

/** What belongs into the gallery is named by its lesson: pages and handouts that lie there are somebody's own. */
export function isGalleryFile(path: string): boolean {
  return (
    path === 'README.md' ||
    (/^\d+-[^/]+\/.*\.(?:md|svg)$/.test(path) &&
      !/\.handout\.md$|\/question-\d+\.svg$|-question-\d+\.svg$/.test(path))
  );
}

/** The files that lie in a checkout's gallery now. */
export function presentFiles(root: string): string[] {
  const folder = join(root, 'reports');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter(isGalleryFile)
    .sort();
}
