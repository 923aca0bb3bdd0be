// Measures the HTML page of a long run: how big it is, how long it takes to make and to open. Without arguments it
// plays a scenario with about a hundred thousand things to see; `node tools/page-bench.mjs FILE` takes another one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { renderPage } from '../dist/src/report/html/page.js';
import { loadScenarioFile } from '../dist/src/scenario/index.js';
import { packTrace, unpackTrace } from '../dist/src/trace/pack.js';
import { recordTrace } from '../dist/src/trace/record.js';

const LONG_RUN = `
name: A long run of two replicas that flap
duration: 620s
nodes:
  A: { config: { repl-backlog-size: 16kb } }
  B: { replicaof: A }
  C: { replicaof: A }
workload:
  - { on: A, every: 25ms, from: 1s, until: 610s, run: "SET key:{n} {bytes:64}" }
timeline:
  - { at: 100s, partition: A <-> B }
  - { after: 70s, heal: all }
  - { at: 300s, reset: A <-> C }
`;

const file = process.argv[2];
const text = file === undefined ? LONG_RUN : readFileSync(file, 'utf8');
const loaded = loadScenarioFile(text, file ?? 'long.yaml', {});
if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));

const timed = (what, work) => {
  const begun = performance.now();
  const result = work();
  console.log(`page: ${what} in ${Math.round(performance.now() - begun)} ms`);
  return result;
};
const mb = (bytes) => `${(bytes / 1_000_000).toFixed(2)} MB`;

const trace = timed('played and recorded', () => recordTrace(loaded.scenarios[0], '1', { repeat: 'again' }));
const changes = trace.states.flat().reduce((sum, { moment }) => sum + moment.length, 0);
console.log(
  `page: ${trace.entries.moment.length} entries in ${trace.moments.at.length} moments, ${changes} changes of fields, ${trace.decisions.length} decisions`,
);
const plain = JSON.stringify(trace);
const packed = timed('packed', () => packTrace(trace));
console.log(
  `page: ${mb(plain.length)} as JSON, ${mb(packed.length)} packed, ${mb(gzipSync(packed).length)} zipped`,
);
timed('unpacked', () => unpackTrace(packed));
const html = timed('made', () => renderPage(trace));
console.log(`page: the file has ${mb(Buffer.byteLength(html))}`);
await open(html);

/** Opens it in a browser, where one is installed, and asks it how long that took. */
async function open(page) {
  const { chromium } = await import('playwright-core');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const folder = mkdtempSync(join(tmpdir(), 'psynclab-page-'));
  writeFileSync(join(folder, 'page.html'), page);
  const browser = await chromium
    .launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
    .catch(() => null);
  if (browser === null) console.log('page: not opened, there is no browser; CHROMIUM names one');
  for (let i = 0; browser !== null && i < 3; i++) {
    const tab = await browser.newPage();
    // Time on the processor: the clock also counts what else the machine does.
    const session = await tab.context().newCDPSession(tab);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await tab.goto(pathToFileURL(join(folder, 'page.html')).href);
    await tab.waitForSelector('#page[data-ready]');
    const ready = Number(await tab.locator('#page').getAttribute('data-ready'));
    const { metrics } = await session.send('Performance.getMetrics');
    const spent = Math.round(metrics.find(({ name }) => name === 'TaskDuration').value * 1000);
    const steps = await tab.evaluate(stepping);
    console.log(
      `page: opened in ${ready} ms, of which the page computed ${spent} ms; ${steps} ms for each of 50 steps`,
    );
    await tab.close();
  }
  await browser?.close();
  rmSync(folder, { recursive: true });
}

/** Runs in the page: steps on, and waits for what was drawn each time. */
async function stepping() {
  const begun = performance.now();
  for (let i = 0; i < 50; i++) {
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
  return Math.round((performance.now() - begun) / 50);
}
