import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { scenarioOf } from '../../run/run.test-helper.ts';
import { disagreementSpans } from '../../trace/disagreement-spans.ts';
import { disagreementsAt } from '../../trace/disagreements.ts';
import { recordTrace } from '../../trace/record.ts';
import { handTrace } from '../../trace/trace.test-helper.ts';
import type { Trace } from '../../trace/trace.ts';
import { defaultMask } from '../../viewer/model/default-mask.ts';
import { filterEntries } from '../../viewer/model/filter.ts';
import { ALL_GROUPS, maskOf } from '../../viewer/model/groups.ts';
import { step, TraceIndex } from '../../viewer/model/trace-index.ts';
import { findChromium, launch } from './chromium.test-helper.ts';
import { hostileTrace, LONG } from './hostile.test-helper.ts';
import { renderPage } from './page.ts';

/** These tests look at the page in a browser, so they run only where there is one. */
const PROGRAM = findChromium();
const SKIPPED = PROGRAM === null ? ' (not run: no chromium is installed, and CHROMIUM names none)' : '';
if (SKIPPED !== '') console.warn(`page: nothing was looked at in a browser here${SKIPPED}`);

const LESSON = new URL(
  '../../../scenarios/06-failover/promoted-replica-serves-its-siblings.yaml',
  import.meta.url,
);

/** A page that is open, and everything that it did which it should not. */
interface Opened {
  readonly page: Page;
  readonly requests: string[];
  readonly complaints: string[];
}

describe.skipIf(PROGRAM === null)(`the page in a browser${SKIPPED}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'psynclab-page-'));
  let browser: Browser;
  let lesson: Trace;
  beforeAll(async () => {
    browser = await launch(PROGRAM!);
    lesson = recordTrace(scenarioOf(readFileSync(LESSON, 'utf8')), '1', {
      repeat: 'npx psynclab run it --seed 1',
    });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(trace: Trace, options: BrowserContextOptions = {}, hash = ''): Promise<Opened> {
    const file = join(folder, 'page.html');
    writeFileSync(file, renderPage(trace));
    const context = await browser.newContext({ offline: true, ...options });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    await page.goto(`${pathToFileURL(file)}${hash}`);
    if (options.javaScriptEnabled !== false) await page.waitForSelector('#page[data-ready]');
    return { page, requests, complaints };
  }

  const hash = (page: Page, wanted: string): Promise<void> => page.waitForURL((url) => url.hash === wanted);
  const moment = async (page: Page): Promise<number> => Number(await page.locator('#scrubber').inputValue());

  test('opens from a file without the network: one request, its own, and no complaint', async () => {
    const { page, requests, complaints } = await open(lesson);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press(']');
    expect(requests).toEqual([expect.stringMatching(/^file:.*page\.html$/)]);
    expect(complaints).toEqual([]);
    await expect(page.title()).resolves.toContain('A promoted replica serves its siblings');
  });

  test('says first what happened, and begins at the decision that tells most', async () => {
    const { page } = await open(lesson);
    const verdict = await page.locator('header.verdict').innerText();
    expect(verdict).toContain('passed');
    expect(verdict).toContain('20 expectations and every invariant held');
    expect(verdict).toContain('C asked B for byte 9981 of A#2 onwards');
    expect(await moment(page)).toBe(lesson.decisions[2]!.moment);
    const failed = handTrace({
      verdict: {
        ok: false,
        expectations: 2,
        failures: [{ kind: 'expectation', message: 'it was not so', line: 12, at: null }],
      },
    });
    const header = (await open(failed)).page.locator('header.verdict');
    expect(await header.innerText()).toMatch(/✗ failed[\s\S]*by-hand\.yaml:12 expectation: it was not so/);
  });

  test('the card of each decision says what the trace says', async () => {
    const { page } = await open(lesson);
    for (const decision of lesson.decisions) {
      await page
        .locator('nav.decisions button')
        .nth(decision.number - 1)
        .click();
      const rows = await page.locator('table.rules tbody tr').allInnerTexts();
      expect(rows).toHaveLength(decision.rules.length + 1);
      for (const [i, { rule, left, right, op, holds }] of decision.rules.entries()) {
        expect(rows[i]).toContain(rule);
        expect(rows[i]).toContain(holds ? '✓ yes' : '✗ no');
        expect(rows[i]).toContain(left);
        if (op !== 'is') expect(rows[i]).toContain(right);
      }
      expect(rows.at(-1)).toContain(`${decision.outcome}/${decision.reason}`);
      const card = await page.locator('section.decision').textContent();
      const { wire, causes, counterfactuals, lines, asked } = decision;
      for (const text of [asked, wire.request, wire.reply!, ...causes.map((one) => one.text)])
        expect(card).toContain(text);
      for (const { change } of counterfactuals) expect(card).toContain(change);
      for (const { text } of lines) expect(card).toContain(text);
    }
  });

  test('the failover lesson answers what the fence is and what one byte more would have done', async () => {
    const { page } = await open(lesson);
    const card = await page.locator('section.decision').innerText();
    expect(card).toContain('9981 ≤ 9981');
    expect(card).toContain('exactly: with one byte more it would not');
    expect(card).toContain('that byte is its fence (second_replid_offset)');
    expect(await page.locator('.axis svg').textContent()).toContain('fence 9981');
  });

  test('keys move the scrubber and the address, past what is folded', async () => {
    const { page } = await open(lesson);
    const index = new TraceIndex(lesson);
    const shown = index.shown(defaultMask(index));
    let expected = await moment(page);
    for (const [key, by] of [
      ['ArrowRight', 1],
      ['j', 1],
      ['j', 1],
      ['ArrowLeft', -1],
      ['k', -1],
    ] as const) {
      await page.keyboard.press(key);
      expected = step(shown, expected, by);
      expect(await moment(page)).toBe(expected);
    }
    await hash(page, `#e=${expected}`);
    await page.keyboard.press('Home');
    expect(await moment(page)).toBe(0);
    await page.keyboard.press('End');
    expect(await moment(page)).toBe(index.length - 1);
    await page.keyboard.press('[');
    expect(await moment(page)).toBe(lesson.decisions[3]!.moment);
    await page.keyboard.press('[');
    await page.keyboard.press(']');
    await hash(page, `#e=${lesson.decisions[3]!.moment}`);
    expect(await page.locator('#scrubber').getAttribute('aria-valuetext')).toContain('A asks PSYNC A#2 9981');
  });

  test('keys that write or press are left alone; help opens and closes', async () => {
    const { page } = await open(lesson);
    const before = await moment(page);
    await page.locator('input[type=search]').fill('');
    await page.keyboard.type('jk[] ?');
    expect(await page.locator('input[type=search]').inputValue()).toBe('jk[] ?');
    expect(await moment(page)).toBe(before);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    expect(await page.locator('dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog').isVisible()).toBe(false);
  });

  test('space plays, and again pauses', async () => {
    const { page } = await open(lesson);
    const before = await moment(page);
    await page.keyboard.press(' ');
    await expect.poll(() => moment(page), { timeout: 20_000 }).toBeGreaterThan(before);
    await page.keyboard.press(' ');
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
  });

  test('a pasted address opens its moment, and the way back leads back', async () => {
    const { page } = await open(lesson, {}, '#e=51');
    expect(await moment(page)).toBe(51);
    await page.locator('nav.decisions button').nth(3).click();
    await hash(page, `#e=${lesson.decisions[3]!.moment}`);
    await page.goBack();
    expect(await moment(page)).toBe(51);
    await page.goForward();
    expect(await moment(page)).toBe(lesson.decisions[3]!.moment);
    await page.evaluate("location.hash = '#e=7'");
    await expect.poll(() => moment(page), { timeout: 20_000 }).toBe(7);
  });

  test('a cause leads to its moment, and its card stays open', async () => {
    const { page } = await open(lesson);
    await page.locator('section.decision .time', { hasText: '9.000 s' }).first().click();
    expect(new TraceIndex(lesson).at(await moment(page))).toBe(9_000_000);
    expect(await page.locator('#decision-title').innerText()).toBe('#3 C asks B');
    await hash(page, `#e=${await moment(page)}&d=3`);
  });

  test('the filter finds events, and choosing one goes there', async () => {
    const { page } = await open(lesson);
    const index = new TraceIndex(lesson);
    const expected = filterEntries(index, 'psync', ALL_GROUPS);
    const total = lesson.entries.moment.length;
    await page.locator('input[type=search]').fill('PSYNC');
    await page.getByText(`${expected.length} of ${total} events`).waitFor();
    // The rows that are in sight are drawn in the frame after the count.
    await page.locator('.events li').first().waitFor();
    const rows = await page.locator('.events li').allInnerTexts();
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => !/psync/i.test(row))).toEqual([]);
    await page.locator('.events li button').first().click();
    expect(await page.locator('.events [aria-current=true]').count()).toBeGreaterThan(0);
    await page.locator('.events .toggles label', { hasText: 'story' }).locator('input').uncheck();
    const lines = filterEntries(index, 'psync', ALL_GROUPS & ~maskOf('story'));
    await page.getByText(`${lines.length} of ${total} events`).waitFor();
  });

  test('a heartbeat is folded in the diagram until it is asked for', async () => {
    const { page } = await open(lesson);
    const acks = page.locator('.space-time .flight.kind-ack');
    expect(await acks.count()).toBe(0);
    await page.locator('.space-time .toggles label', { hasText: 'heartbeats' }).locator('input').check();
    expect(await acks.count()).toBeGreaterThan(0);
    const row = page.locator('.rows button').nth(3);
    const title = await row.getAttribute('title');
    await row.click();
    expect(await page.locator('.rows [aria-current=true]').getAttribute('title')).toBe(title);
  });

  test('a value tells who changed it last and leads there', async () => {
    const { page } = await open(lesson);
    await page.getByRole('button', { name: /^B, second_replid_offset: 9981/ }).click();
    const who = page.locator('.who-changed');
    expect(await who.innerText()).toContain('since 9.000 s, by request from a client: REPLICAOF NO ONE');
    await who.getByRole('button', { name: 'go there' }).click();
    expect(new TraceIndex(lesson).at(await moment(page))).toBe(9_000_000);
    const cell = page.getByRole('button', {
      name: /^B, second_replid_offset: 9981\s*, changed now,\s*was –/,
    });
    expect(await cell.innerText()).toContain('● was –');
  });

  test('the disagreements of a moment are those of the trace', async () => {
    const at = lesson.decisions[2]!.moment;
    const { page } = await open(lesson, {}, `#e=${at}`);
    const expected = disagreementsAt(lesson, at).map(({ text }) => text);
    expect(expected.length).toBeGreaterThan(0);
    const told = await page.locator('.disagreements li').allInnerTexts();
    expect(told.map((text) => text.replace(/^⇄\s*/, ''))).toEqual(expected);
  });

  test('keys lead from one disagreement to the next', async () => {
    const { page } = await open(lesson, {}, '#e=0');
    const spans = disagreementSpans(lesson);
    await page.locator('.ticks b').first().waitFor({ state: 'attached' });
    expect(await page.locator('.ticks b').count()).toBe(spans.length);
    await page.keyboard.press('}');
    expect(await moment(page)).toBe(spans[0]!.from);
    expect(await page.locator('.disagreements li').count()).toBeGreaterThan(0);
    await page.keyboard.press('}');
    await page.keyboard.press('{');
    expect(await moment(page)).toBe(spans[0]!.from);
  });

  test('what cannot have led to the moment is faded when asked for', async () => {
    const { page } = await open(lesson);
    const faded = page.locator('.flight.faded');
    expect(await faded.count()).toBe(0);
    await page.getByLabel('only what can have led here').check();
    expect(await faded.count()).toBeGreaterThan(0);
    expect(await page.locator('.flight.kind-psync:not(.faded)').count()).toBe(1);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 400]) {
      test(`has no barrier that axe knows: ${colorScheme}, ${width} pixels wide`, async () => {
        const { page } = await open(lesson, { colorScheme, viewport: { width, height: 900 } });
        await page.getByRole('button', { name: /^B, replid: / }).click();
        await page.evaluate(axe.source);
        const found = await page.evaluate('axe.run()');
        const { violations } = found as axe.AxeResults;
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        ).toEqual([]);
      });
    }
  }

  test('never grows wider than a narrow screen', async () => {
    for (const trace of [lesson, hostileTrace()]) {
      const { page } = await open(trace, { viewport: { width: 400, height: 800 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    }
  });

  test('hostile texts are shown and never obeyed', async () => {
    const { page, requests, complaints } = await open(hostileTrace());
    for (let i = 0; i < 6; i++) await page.keyboard.press('j');
    await page.locator('nav.decisions button').first().click();
    await page.mouse.move(300, 300);
    expect(await page.evaluate("'hacked' in window")).toBe(false);
    expect(await page.evaluate('document.scripts.length')).toBe(2);
    expect(
      await page.evaluate("document.querySelectorAll('img, iframe, [onload], [onmouseover]').length"),
    ).toBe(0);
    expect(await page.locator('h1').textContent()).toContain(LONG.trim());
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test('tells its decisions where scripts are off', async () => {
    const { page, complaints } = await open(lesson, { javaScriptEnabled: false });
    const text = await page.locator('.story-only').innerText();
    expect(text).toContain('✓ offset is within replid2: 9981 <= 9981');
    expect(text).toContain(lesson.decisions[2]!.wire.request);
    expect(complaints).toEqual([]);
  });
});
