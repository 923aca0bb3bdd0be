import type { GithubOptions } from './github.ts';
import type { Reporter, StoryWish, Write } from './reporter.ts';

export type ReporterName = 'text' | 'json' | 'ndjson' | 'tap' | 'junit' | 'github';

export interface ReportSettings {
  /** Width of the terminal, or what a file is written for. */
  readonly columns: number;
  readonly colour: boolean;
  /** Whether there will be only one run. */
  readonly single: boolean;
  readonly github: GithubOptions;
}

/** Makes the reporter of that name, and says which runs it wants the story of. Loads only that one. */
export async function createReporter(
  name: ReporterName,
  write: Write,
  settings: ReportSettings,
): Promise<{ reporter: Reporter; wish: StoryWish }> {
  switch (name) {
    case 'text': {
      const [{ textReporter }, { createPalette }] = await Promise.all([
        import('./text.ts'),
        import('../terminal/colour.ts'),
      ]);
      const { columns, single } = settings;
      const palette = createPalette(settings.colour);
      return { reporter: textReporter(write, { columns, single, palette }), wish: 'failures-and-single' };
    }
    case 'json':
      return { reporter: (await import('./json.ts')).jsonReporter(write), wish: 'never' };
    case 'ndjson':
      return { reporter: (await import('./json.ts')).ndjsonReporter(write), wish: 'never' };
    case 'tap':
      return { reporter: (await import('./tap.ts')).tapReporter(write), wish: 'never' };
    case 'junit':
      return { reporter: (await import('./junit.ts')).junitReporter(write), wish: 'failures' };
    case 'github':
      return {
        reporter: (await import('./github.ts')).githubReporter(write, settings.github),
        wish: 'never',
      };
  }
}
