import type { ProfileName } from '../../sim/redis/profile.ts';
import { BOTH, type Landmark, type LandmarkGroup, landmarkKey } from './landmark.ts';
import { LANDMARKS } from './landmarks.ts';
import type { Meeting, Survey } from './survey.ts';

const SECTIONS: readonly (readonly [group: LandmarkGroup, title: string, about: string])[] = [
  ['decision', 'Decisions', 'How a server answers a PSYNC or SYNC.'],
  [
    'replica',
    "A replica's state, `repl_state`",
    'Between SEND_AUTH and SEND_PSYNC nothing is logged, so no real server shows these steps. A write that fails ' +
      'between two of them leads back to CONNECT too; for that a socket must break between two system calls of one ' +
      'event, which does not happen here.',
  ],
  ['slave', "A master's view of a replica, `replstate`", '`gone` is a client that was freed.'],
  ['timeout', 'Timeouts and limits', 'Each tells of itself in a log.'],
  ['fault', 'Faults', 'What a scenario can do to the simulated machines, and `conform` to real ones.'],
];

const INTRODUCTION = `# What is reached, and what real servers confirmed

Made by \`npm run coverage\`: every lesson under \`scenarios/\` is played with its own seed, and every scenario under
\`fixtures/\` once for each version of Redis that was recorded in it. A row is something that replication can do. It
names the first scenario in which the simulation does it, and the first in which a real redis-server was recorded
doing it: the recording's decisions or logs show it, and the simulation of the same file comes by it too. A number
behind a name says how many scenarios do. A test fails where the table is stale, where a row that can be reached is
not, and where a run comes by something that has no row.
`;

const VERSIONS: Readonly<Record<ProfileName, string>> = { 'redis-5.0': '5.0.14', 'redis-7.0': '7.0.15' };

/** The coverage table as Markdown; links are relative to docs/. */
export function coverageDocument(survey: Survey): string {
  const sections = SECTIONS.map(([group, title, about]) => {
    const rows = LANDMARKS.filter((one) => one.group === group);
    const tables = sameInBoth(rows)
      ? table(rows, BOTH, survey)
      : BOTH.map((profile) => {
          const own = rows.filter(({ profiles }) => profiles.includes(profile));
          return `### ${profile}\n\n${table(own, [profile], survey)}`;
        }).join('\n');
    return `## ${title}\n\n${about}\n\n${tables}`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

/** Whether the versions share their rows, but for some that only one has. */
function sameInBoth(rows: readonly Landmark[]): boolean {
  return rows.some(({ profiles }) => profiles.length === BOTH.length);
}

function table(rows: readonly Landmark[], profiles: readonly ProfileName[], survey: Survey): string {
  const heads = profiles.flatMap((profile) => [`${profile}`, `redis-server ${VERSIONS[profile]}`]);
  const head = ['', 'when', ...heads];
  const lines = rows.map((row) => [
    `\`${row.name}\`${row.source === '' ? '' : ` <br>${row.source}`}`,
    row.when,
    ...profiles.flatMap((profile) => cells(row, profile, survey)),
  ]);
  return `${[head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

function cells(row: Landmark, profile: ProfileName, { simulated, confirmed }: Survey): string[] {
  if (!row.profiles.includes(profile)) return ['does not exist', ''];
  const unreachable = row.unreachable[profile];
  if (unreachable !== undefined) return [`cannot be reached: ${unreachable}`, ''];
  const key = landmarkKey(row.group, row.name, profile);
  return [simulated.get(key), confirmed.get(key)].map((meeting) => (meeting ? link(meeting) : '–'));
}

function link({ file, count }: Meeting): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
  return `[${name}](../${file})${count > 1 ? ` (${count})` : ''}`;
}
