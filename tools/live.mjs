// Plays every scenario that was recorded from such a server on a real redis-server and compares: `node tools/live.mjs
// PATH`; with a path for each of several versions those whose nodes run several. Many play at
// once; what does not agree is played twice more, with few others, and fails if it never does: a machine that is busy
// elsewhere can make a real run late by more than the comparison allows. Says last how many passed and failed.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sanitizeLine } from '../dist/src/terminal/sanitize.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const servers = process.argv.slice(2);
const CONFORM = 'fixtures/conform';
const LESSONS = 'scenarios';
/** Two processes, so that both cores of a small machine compare; more at once would make each other late. */
const PROCESSES = 2;
const AT_ONCE = 8;
const FEW = 3;
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

/** What `conform --json` says of these files. */
function conform(files, jobs) {
  const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
  const given = servers.flatMap((path) => ['--server', path]);
  const child = spawn(
    process.execPath,
    [program, 'conform', ...files, ...given, '--jobs', String(jobs), '--json'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 || code === 1) resolve(JSON.parse(Buffer.concat(parts).toString('utf8')));
      else reject(new Error(`conform exits with ${code}`));
    });
  });
}

/** The same, the files shared out among several processes. */
async function conformAll(files) {
  const shares = Array.from({ length: PROCESSES }, (_, share) =>
    files.filter((_, i) => i % PROCESSES === share),
  );
  return (await Promise.all(shares.map((share) => conform(share, AT_ONCE)))).flat();
}

const same = (a, b) => a.scenario === b.scenario && JSON.stringify(a.case) === JSON.stringify(b.case);

/** A result that is no agreement, and why, for a reader of the log. */
function tell({ verdict, scenario, reasons, differing }) {
  console.log(`live: ${verdict}: ${scenario}${reasons.map((reason) => `, ${reason}`).join('')}`);
  for (const { fact, real, simulated } of differing) {
    const values = `the server ${real}, the simulation ${simulated.slice(0, 8).join(' or ')}`;
    console.log(sanitizeLine(`live:   ${fact}: ${values}`));
  }
}

const truth = readdirSync(`${root}/fixtures/truth`).filter((name) => name.endsWith('.yaml'));
const started = Date.now();
let results = await conformAll([...truth.map((name) => `fixtures/truth/${name}`), ...recorded()]);
for (let more = 0; more < MORE_TRIES; more++) {
  const failing = results.filter(({ verdict }) => verdict === 'fail');
  if (failing.length === 0) break;
  failing.forEach(tell);
  const again = await conform([...new Set(failing.map(({ scenario }) => scenario))], FEW);
  const later = (first) => again.find((one) => same(one, first));
  results = results.map((one) => (one.verdict === 'fail' ? (later(one) ?? one) : one));
}
for (const result of results) if (result.verdict !== 'pass') tell(result);
const count = (wanted) => results.filter(({ verdict }) => verdict === wanted).length;
const failed = count('fail');
console.log(`live: against ${servers.join(' and ')} in ${Math.round((Date.now() - started) / 1000)} s`);
console.log(`live: ${count('pass')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
