// Plays every scenario that was recorded from such a server on a real redis-server and compares: `node tools/live.mjs
// PATH`; with a path for each of several versions those whose nodes run several. All play at once as far as they may;
// what does not agree is played twice more, alone, and fails if it never does: a machine that is busy elsewhere can
// make a real run late by more than the comparison allows. Says last how many passed and failed.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const servers = process.argv.slice(2);
const CONFORM = 'fixtures/conform';
const LESSONS = 'scenarios';
const AT_ONCE = '16';
const MORE_TRIES = 2;

if (servers.length === 0) {
  console.error('live: node tools/live.mjs PATH... of redis-servers, one for each version');
  process.exit(2);
}

/** The scenarios that were recorded from servers with the same major versions; others may not know a command. */
function recorded() {
  const majors = servers.map((server) => {
    return /v=(\d+)/.exec(spawnSync(server, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? 'none';
  });
  const recording = new RegExp(
    `^(.*)\\.redis-${majors
      .sort()
      .map((major) => `${major}[.\\d]+`)
      .join('-')}\\.json$`,
  );
  const names = readdirSync(`${root}/${CONFORM}`).flatMap((name) => recording.exec(name)?.[1] ?? []);
  const lessons = readdirSync(`${root}/${LESSONS}`, { recursive: true });
  return [...new Set(names)].map((name) => {
    const lesson = lessons.find((file) => file.endsWith(`/${name}.yaml`));
    return lesson === undefined ? `${CONFORM}/${name}.yaml` : `${LESSONS}/${lesson}`;
  });
}

function conform(operands, jobs) {
  const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
  const args = [
    program,
    'conform',
    ...operands,
    ...servers.flatMap((path) => ['--server', path]),
    '--jobs',
    jobs,
    '--json',
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0 && status !== 1) throw new Error(`conform exits with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

const same = (a, b) => a.scenario === b.scenario && JSON.stringify(a.case) === JSON.stringify(b.case);

/** A result that is no agreement, and why, for a reader of the log. */
function tell({ verdict, scenario, reasons, differing }) {
  console.log(`live: ${verdict}: ${scenario}${reasons.map((reason) => `, ${reason}`).join('')}`);
  for (const { fact, real, simulated } of differing) {
    console.log(`live:   ${fact}: the server ${real}, the simulation ${simulated.slice(0, 8).join(' or ')}`);
  }
}

const started = Date.now();
let passed = 0;
let failed = 0;
for (const first of conform(['fixtures/truth', ...recorded()], AT_ONCE)) {
  let result = first;
  for (let more = 0; result.verdict === 'fail' && more < MORE_TRIES; more++) {
    tell(result);
    result = conform([first.scenario], '1').find((one) => same(one, first));
  }
  if (result.verdict !== 'pass') tell(result);
  if (result.verdict === 'pass') passed++;
  if (result.verdict === 'fail') failed++;
}
console.log(`live: against ${servers.join(' and ')} in ${Math.round((Date.now() - started) / 1000)} s`);
console.log(`live: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
