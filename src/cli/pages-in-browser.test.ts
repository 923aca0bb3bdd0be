import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launch } from '../report/html/chromium.test-helper.ts';
import { runReal } from './real.test-helper.ts';

/** The pages without a script, as the commands write them. */

const PROGRAM = findChromium();
const SKIPPED = PROGRAM === null ? ', not tested: no chromium' : '';
const LESSON = 'scenarios/03-backlog/one-byte-decides.yaml';
const FAILING = `name: fails
duration: 12s
nodes: { A: {}, B: { replicaof: A } }
links: { default: { latency: 1ms, jitter: 8ms } }
clients: { app: { to: A } }
workload: [{ as: app, every: 5ms, from: 4s, until: 5s, run: "SET k {n}" }]
timeline: [{ at: 5s, kill: A }, { at: 6s, on: B, run: REPLICAOF NO ONE }]
expect: [{ lost_writes: "> 1000" }]
`;

describe.skipIf(PROGRAM === null)(`pages in a browser${SKIPPED}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'psynclab-pages-'));
  const pages = { comparison: join(folder, 'comparison.html'), likelihood: join(folder, 'likelihood.html') };
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(PROGRAM!);
    writeFileSync(join(folder, 'fails.yaml'), FAILING);
    const cases = ['--case', 'value=16354', '--case', 'value=16355'];
    await runReal(['compare', LESSON, ...cases, '--html', pages.comparison]);
    await runReal(['likelihood', join(folder, 'fails.yaml'), '--futures', '3', '--html', pages.likelihood]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  describe.each(['comparison', 'likelihood'] as const)('%s', (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 400]) {
        test(`no barrier that axe knows, no wider than the screen: ${colorScheme}, ${width} pixels`, async () => {
          const context = await browser.newContext({
            offline: true,
            bypassCSP: true,
            colorScheme,
            viewport: { width, height: 900 },
          });
          const page = await context.newPage();
          await page.goto(String(pathToFileURL(pages[name])));
          await page.evaluate(axe.source);
          const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
          expect(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          ).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          await context.close();
        });
      }
    }
  });
});
