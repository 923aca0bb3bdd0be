import { MUTANTS } from '../../sim/mutants/index.ts';
import { type Exhibit, huntOf, lessonOf } from './exhibit.ts';
import { NOT_SHOWN } from './exhibits.ts';
import { MOST_SEEDS, median, STARTS } from './search.ts';

/** What was measured of an exhibit. */
export interface Measured {
  readonly exhibit: Exhibit;
  /** Seeds needed from each start; null where a search gave up. */
  readonly needed: readonly (number | null)[];
  /** Entries of the lesson's timeline, and lines of its file without what it says about itself. */
  readonly entries: number;
  readonly lines: number;
}

const HEAD = ['mutant', 'named by', 'hunted in', 'seeds needed', 'at most', 'entries', 'lines'];

/** The table of the museum as Markdown; links are relative to docs/. */
export function museumDocument(measured: readonly Measured[]): string {
  const rows = measured.map(({ exhibit, needed, entries, lines }) => {
    const { mutant, invariant, hunt, profile } = exhibit;
    return [
      `[${mutant}](../${lessonOf(exhibit)})`,
      `\`${invariant}\``,
      `[${hunt}](../${huntOf(exhibit)}), ${profile}`,
      String(median(needed) ?? `more than ${MOST_SEEDS}`),
      needed.includes(null) ? `more than ${MOST_SEEDS}` : String(Math.max(...(needed as number[]))),
      String(entries),
      String(lines),
    ];
  });
  const table = [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  const absent = MUTANTS.flatMap(({ name }) =>
    NOT_SHOWN[name] ? [`- \`${name}\`: ${NOT_SHOWN[name]}`] : [],
  );
  return `# The museum of broken rules

Made by \`npm run museum\`. Each of these mutants is a Redis in which one rule of replication is off or as it once was
(\`psynclab list --mutants\` tells their stories). A sweep of a hunt under \`hunts\` finds it, an invariant
names it, and the run that broke it was made small: a lesson, which shows the broken protocol first and then the rule.

*Seeds needed* is the median of ${STARTS.length} searches, from the seeds ${STARTS.join(', ')} on, *at most* the longest of them;
*entries* and *lines* are those of the lesson's timeline and of its file without \`name\`, \`about\` and \`tags\`.

${table.join('\n')}

${measured.length} of ${MUTANTS.length} mutants are shown.

## Not in the museum

Rules whose break no hunt shows, and why. Each of them is seen in a lesson or in a scenario made for it
(\`src/run/mutants.test.ts\`).

${absent.join('\n')}
`;
}
