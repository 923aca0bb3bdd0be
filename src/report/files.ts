import { basename, isAbsolute, relative, resolve } from 'node:path';
import type { Trace } from '../trace/trace.ts';
import { renderPage } from './html/page.ts';
import { renderMarkdown } from './markdown/document.ts';
import { renderHandout } from './markdown/handout.ts';

export const REPORT_FORMATS = ['md', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportWish {
  readonly formats: readonly ReportFormat[];
  /** Markdown that asks first, and answers on its last page. */
  readonly handout: boolean;
}

/** A file of a report, by its path below the folder for reports. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
  /** Whether a reader opens it; pictures only stand beside. */
  readonly main: boolean;
}

/**
 * What the report of a scenario file is called, below the folder for reports and without an ending: as the file, where
 * that lies below `cwd`, and without the `scenarios` that lessons lie in.
 */
export function reportName(file: string, cwd: string): string {
  if (file === '-') return 'scenario';
  const path = relative(cwd, resolve(cwd, file)).replaceAll('\\', '/');
  const inside = path !== '' && !path.startsWith('../') && !isAbsolute(path);
  const name = (inside ? path : basename(file)).replace(/\.ya?ml$/i, '');
  return name.replace(/^scenarios\//, '') || 'scenario';
}

/** All files of the report of one scenario file; its runs are one for each case. */
export function reportFiles(
  name: string,
  traces: readonly Trace[],
  { formats, handout }: ReportWish,
): ReportFile[] {
  return formats.flatMap((format) => WRITERS[format](name, traces, handout));
}

const WRITERS: Readonly<
  Record<ReportFormat, (name: string, traces: readonly Trace[], handout: boolean) => ReportFile[]>
> = { md: markdownFiles, html: pages };

function markdownFiles(name: string, traces: readonly Trace[], handout: boolean): ReportFile[] {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const base = name.slice(folder.length);
  const { markdown, pictures } = handout ? renderHandout(traces, base) : renderMarkdown(traces, base);
  return [
    { path: `${name}${handout ? '.handout' : ''}.md`, text: markdown, main: true },
    ...pictures.map(({ file, svg }) => ({ path: `${folder}${file}`, text: svg, main: false })),
  ];
}

/** A page for each case: it shows one run. */
function pages(name: string, traces: readonly Trace[]): ReportFile[] {
  return traces.map((trace, i) => ({
    path: `${name}${i === 0 ? '' : `.case-${i + 1}`}.html`,
    text: renderPage(trace),
    main: true,
  }));
}
